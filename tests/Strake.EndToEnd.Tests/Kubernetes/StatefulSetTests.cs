using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>A stateful set with pods that run.</summary>
public sealed class StatefulSetTests(PodEngine engine) : PodTests(engine)
{
    [Fact]
    public async Task Each_pod_of_three_finds_its_own_data_when_the_set_is_scaled_down_and_up()
    {
        await Kubectl.ApplyAsync("""
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: of-sets}
            provisioner: strake.csi
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec:
              replicas: 3
              serviceName: db
              selector: {matchLabels: {app: db}}
              template:
                metadata: {labels: {app: db}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: busybox:latest
                    imagePullPolicy: Never
                    command: [sh, -c, "hostname >> /data/who; trap 'exit 0' TERM; while true; do sleep 0.1; done"]
                    volumeMounts: [{name: data, mountPath: /data}]
              volumeClaimTemplates:
              - metadata: {name: data}
                spec:
                  accessModes: [ReadWriteOnce]
                  storageClassName: of-sets
                  resources:
                    requests: {storage: 64Mi}
            """);
        await Kubectl.OkAsync("rollout", "status", "statefulset/db", "--timeout=50s");
        var volumes = await VolumesAsync();
        await Kubectl.OkAsync("scale", "statefulset/db", "--replicas=1");
        foreach (var gone in new[] { "db-2", "db-1" }) await Kubectl.OkAsync("wait", $"pod/{gone}", "--for=delete", "--timeout=90s");
        Assert.Equal(volumes, await VolumesAsync());
        await Kubectl.OkAsync("scale", "statefulset/db", "--replicas=3");
        await Kubectl.OkAsync("rollout", "status", "statefulset/db", "--timeout=50s");
        await Until.TrueAsync(async () => await WhoAsync("db-2") == "db-2\ndb-2", "the last pod has written again");
        Assert.Equal(["db-0", "db-1\ndb-1", "db-2\ndb-2"], [await WhoAsync("db-0"), await WhoAsync("db-1"), await WhoAsync("db-2")]);
        Assert.Equal(volumes, await VolumesAsync());

        await Kubectl.OkAsync("delete", "statefulset", "db");
        await Kubectl.OkAsync("wait", "pod", "-l", "app=db", "--for=delete", "--timeout=90s");
        Assert.Equal(volumes, await VolumesAsync());
        await Kubectl.OkAsync("delete", "pvc", "--all");
        await Until.TrueAsync(async () => (await Strake.Docker.OkAsync("volume", "ls", "-q")).Length == 0, "the storage goes with the claims");
        await Kubectl.OkAsync("delete", "sc", "of-sets");
    }

    Task<string> VolumesAsync() => Kubectl.OkAsync("get", "pvc", "-o", "jsonpath={range .items[*]}{.metadata.name}={.spec.volumeName} {end}");

    async Task<string> WhoAsync(string pod) => (await Kubectl.RunAsync("exec", pod, "--", "cat", "/data/who")).Text;
}
