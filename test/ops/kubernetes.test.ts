import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS_SCHEMA } from '../../src/settings/settings.js';
import { readDockerfile, valuesOf } from './dockerfile.js';
import { itWithPythonTools, runPythonTool } from './tools.js';

const FOLDER = 'ops/kubernetes';
/** The seconds that the service takes at most for requests in flight, after DRAIN_SECONDS. */
const FINISHING_SECONDS = 25;
/** The seconds to start and end the process, and to tell all nodes that a pod is gone. */
const SPARE_SECONDS = 5;

const read = (name: string) => parse(readFileSync(join(FOLDER, name), 'utf8'));
const kustomization = read('kustomization.yaml');
const deployment = read('deployment.yaml');
const pod = deployment.spec.template.spec;
const [service] = pod.containers;
const containers = [...pod.initContainers, ...pod.containers];
const labels = deployment.spec.template.metadata.labels;
const settings = new Map<string, string>(
  kustomization.configMapGenerator[0].literals.map((literal: string) => literal.split('=')),
);
const known = Object.values(SETTINGS_SCHEMA).map(({ variable }) => variable);

describe('the manifests of Kubernetes', () => {
  itWithPythonTools('are what the schemas allow, with no field that they do not know', () => {
    const validate = (path: string) => runPythonTool('kubernetes-validate', '--strict', '--quiet', path);
    for (const name of kustomization.resources) {
      const path = join(FOLDER, name);
      expect(validate(path), name).toEqual({ status: 0, output: '' });

      const folder = mkdtempSync(join(tmpdir(), 'hivegate-manifest-'));
      onTestFinished(() => {
        rmSync(folder, { recursive: true });
      });
      const wrong = join(folder, name);
      writeFileSync(wrong, readFileSync(path, 'utf8').replace(/^metadata:$/m, 'metadata:\n  nmae: wrong'));
      expect(validate(wrong).status, `${name} with a wrong field`).not.toBe(0);
    }
  });

  it('are all in the kustomization', () => {
    const files = readdirSync(FOLDER).filter(
      (name) => name.endsWith('.yaml') && name !== 'kustomization.yaml',
    );
    expect([...kustomization.resources].sort()).toEqual(files.sort());
  });

  it('mean the same pods', () => {
    expect(deployment.spec.selector.matchLabels).toEqual(labels);
    expect(read('service.yaml').spec.selector).toEqual(labels);
    expect(read('pod-disruption-budget.yaml').spec.selector.matchLabels).toEqual(labels);
    expect(read('network-policy.yaml').spec.podSelector.matchLabels).toEqual(labels);
    for (const { labelSelector } of pod.topologySpreadConstraints)
      expect(labelSelector.matchLabels).toEqual(labels);
  });

  it('give the service the time that it takes to stop', () => {
    const drain = Number(settings.get('DRAIN_SECONDS'));
    expect(drain).toBeGreaterThanOrEqual(SPARE_SECONDS);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(
      drain + FINISHING_SECONDS + SPARE_SECONDS,
    );
    const { periodSeconds, failureThreshold } = service.readinessProbe;
    expect(periodSeconds * failureThreshold).toBeLessThan(drain);
  });

  it('ask the right paths, at the port of the service', () => {
    const path = (probe: string) => service[`${probe}Probe`].httpGet;
    const prefix = settings.get('API_PREFIX') ?? '';
    expect(path('startup')).toEqual({ path: `${prefix}/health/ready`, port: 'http' });
    expect(path('readiness')).toEqual({ path: `${prefix}/health/ready`, port: 'http' });
    expect(path('liveness')).toEqual({ path: `${prefix}/health/live`, port: 'http' });
    const [last] = readDockerfile().stages.slice(-1);
    expect(valuesOf(last as never, 'EXPOSE')).toEqual([String(service.ports[0].containerPort)]);
  });

  it('keep to the restricted profile of the pod security standards', () => {
    const [last] = readDockerfile().stages.slice(-1);
    expect(valuesOf(last as never, 'USER')).toEqual([
      `${pod.securityContext.runAsUser}:${pod.securityContext.runAsGroup}`,
    ]);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const right of ['hostNetwork', 'hostPID', 'hostIPC']) expect(pod).not.toHaveProperty(right);
    expect(pod.automountServiceAccountToken).toBe(false);
    for (const { name, securityContext, resources } of containers) {
      expect(securityContext, name).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources.limits, name).toHaveProperty('memory');
    }
    expect(read('namespace.yaml').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  it('name settings that the service knows, and secrets that are mounted, as files', () => {
    expect([...settings.keys()].filter((name) => !known.includes(name))).toEqual([]);
    const [{ name, files }] = kustomization.secretGenerator;
    expect(pod.volumes[0].secret.secretName).toBe(name);
    const [mount] = service.volumeMounts;
    for (const { env } of containers) {
      const variables = env.map((variable: { name: string }) => variable.name);
      expect(variables.filter((variable: string) => !known.includes(variable.replace(/_FILE$/, '')))).toEqual(
        [],
      );
      expect(variables.every((variable: string) => variable.endsWith('_FILE'))).toBe(true);
      const paths = env.map(({ value }: { value: string }) =>
        value.replace(`${mount.mountPath}/`, 'secrets/'),
      );
      expect(paths).toEqual(files);
    }
  });
});
