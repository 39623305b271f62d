using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Pods and their volumes: places of the host, claims, and what is made for the pod.</summary>
public sealed class PodVolumeTests(PodEngine engine) : PodTests(engine)
{
    [Fact]
    public async Task A_pod_that_is_made_again_finds_what_it_left_on_the_host()
    {
        string folder = Directory.CreateDirectory(Strake.NewPath()).FullName;
        string yaml = Pod(
            "random", $"echo $RANDOM >> /opt/number.out; {Idle}", "volumeMounts: [{name: data, mountPath: /opt}]",
            $"[{{name: data, hostPath: {{path: {folder}, type: Directory}}}}]");
        await RunAsync("random", yaml);
        await Kubectl.OkAsync("delete", "pod", "random");
        await RunAsync("random", yaml);
        await Until.TrueAsync(() => File.ReadAllLines(Path.Combine(folder, "number.out")).Length == 2, "the file has both lines");
        await Kubectl.OkAsync("delete", "pod", "random");
    }

    [Fact]
    public async Task A_directory_that_is_missing_is_named()
    {
        string path = Strake.NewPath();
        await Kubectl.ApplyAsync(Pod("lost", Idle, "volumeMounts: [{name: data, mountPath: /opt}]", $"[{{name: data, hostPath: {{path: {path}, type: Directory}}}}]"));
        await ToldAsync("lost", "FailedMount", $"MountVolume.SetUp failed for volume \"data\" : hostPath type check failed: {path} is not a directory");

        // Once it is there the pod runs.
        Directory.CreateDirectory(path);
        await ReadyAsync("lost");
        await Kubectl.OkAsync("delete", "pod", "lost");
    }

    [Fact]
    public async Task A_claim_that_a_pod_uses_goes_when_the_pod_has_gone()
    {
        string path = Directory.CreateDirectory(Strake.NewPath()).FullName;
        await Kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: site}
            spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: site, persistentVolumeReclaimPolicy: Retain, hostPath: {path: {{path}} } }
            ---
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: site}
            spec: {accessModes: [ReadWriteOnce], storageClassName: site, resources: {requests: {storage: 500Mi} } }
            ---
            {{Pod("mypod", $"echo hello > /var/www/html/index; {Idle}", "volumeMounts: [{name: site, mountPath: /var/www/html}]", "[{name: site, persistentVolumeClaim: {claimName: site}}]")}}
            """);
        await ReadyAsync("mypod");
        await Kubectl.OkAsync("delete", "pvc", "site", "--wait=false");
        JsonNode claim = await Kubectl.GetAsync("pvc", "site");
        Assert.NotNull(claim["metadata"]!["deletionTimestamp"]);
        Assert.Contains("Terminating", await Kubectl.OkAsync("get", "pvc", "site"), StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "pod", "mypod");
        await Kubectl.OkAsync("wait", "pvc/site", "--for=delete", "--timeout=90s");
        await IsAsync("Released", ".status.phase", "pv", "site");
        Assert.Equal("hello\n", File.ReadAllText(Path.Combine(path, "index")));
        await Kubectl.OkAsync("delete", "pv", "site");
    }

    [Fact]
    public async Task A_claim_for_one_pod_keeps_a_second_waiting()
    {
        await Kubectl.ApplyAsync($$"""
            {{Late("once")}}
            ---
            {{Claim("once", "ReadWriteOncePod", "Filesystem")}}
            ---
            {{Pod("first", Idle, "volumeMounts: [{name: data, mountPath: /data}]", "[{name: data, persistentVolumeClaim: {claimName: once}}]")}}
            """);
        await ReadyAsync("first");
        await Kubectl.ApplyAsync(Pod("second", Idle, "volumeMounts: [{name: data, mountPath: /data}]", "[{name: data, persistentVolumeClaim: {claimName: once}}]"));
        await ToldAsync("second", "FailedScheduling", "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod");
        Assert.Contains("default.once", await Strake.Docker.OkAsync("volume", "ls", "-q"), StringComparison.Ordinal);

        await Kubectl.OkAsync("delete", "pod", "first");
        await ReadyAsync("second");
        await Kubectl.OkAsync("delete", "pod", "second");
        await Kubectl.OkAsync("delete", "pvc", "once");
    }

    [Fact]
    public async Task A_class_says_how_its_volumes_are_mounted_and_where_they_are_made()
    {
        await Kubectl.ApplyAsync($$"""
            {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: strict}, provisioner: strake.csi, mountOptions: [noexec, nodev]}
            ---
            {{Claim("strict", "ReadWriteOnce", "Filesystem")}}
            ---
            {{Pod("strict", Idle, "volumeMounts: [{name: data, mountPath: /data}]", "[{name: data, persistentVolumeClaim: {claimName: strict}}]")}}
            ---
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: elsewhere}
            provisioner: strake.csi
            allowedTopologies: [{matchLabelExpressions: [{key: topology.kubernetes.io/zone, values: [moon]}]}]
            ---
            {{Claim("elsewhere", "ReadWriteOnce", "Filesystem")}}
            """);
        await ReadyAsync("strict");
        Assert.Matches("(?m)^[^ ]+ /data [^ ]+ [^ ]*nodev,noexec", await Kubectl.OkAsync("exec", "strict", "--", "grep", " /data ", "/proc/mounts"));
        CommandResult ran = await Kubectl.RunAsync("exec", "strict", "--", "sh", "-c", "cp /bin/busybox /data/true && /data/true");
        Assert.Contains("Permission denied", ran.Error, StringComparison.Ordinal);
        await ToldAsync("elsewhere", "ProvisioningFailed", "is none of its allowedTopologies: topology.kubernetes.io/zone in [moon]");
        await Kubectl.OkAsync("label", "nodes", "--all", "topology.kubernetes.io/zone=moon");
        await Kubectl.OkAsync("wait", "pvc/elsewhere", "--for=jsonpath={.status.phase}=Bound", "--timeout=40s");
        await Kubectl.OkAsync("label", "nodes", "--all", "topology.kubernetes.io/zone-");
        await Kubectl.OkAsync("delete", "pod", "strict");
        await Kubectl.OkAsync("delete", "pvc/strict", "pvc/elsewhere", "sc/strict", "sc/elsewhere");
    }

    [Fact]
    public async Task A_claim_of_a_device_is_a_device_in_the_pod()
    {
        await Kubectl.ApplyAsync($$"""
            {{Late("device")}}
            ---
            {{Claim("device", "ReadWriteOnce", "Block")}}
            ---
            {{Pod("device", $"test -b /dev/xvda && blockdev --getsize64 /dev/xvda; {Idle}", "volumeDevices: [{name: data, devicePath: /dev/xvda}]", "[{name: data, persistentVolumeClaim: {claimName: device}}]")}}
            """);
        await ReadyAsync("device");
        await Until.TrueAsync(async () => (await Kubectl.OkAsync("logs", "device")).Trim() == "20971520", "the device has the claim's size");
        await Kubectl.OkAsync("delete", "pod", "device");
        await Kubectl.OkAsync("delete", "pvc", "device");
    }

    [Fact]
    public async Task Files_of_config_maps_and_secrets_follow_their_objects()
    {
        await Kubectl.OkAsync("create", "configmap", "settings", "--from-literal=app.conf=one");
        await Kubectl.OkAsync("create", "secret", "generic", "login", "--from-literal=password=geheim");
        await RunAsync("files", Pod(
            "files", $"cat /etc/all/app.conf /etc/all/login/password; {Idle}", "volumeMounts: [{name: all, mountPath: /etc/all}, {name: scratch, mountPath: /scratch, subPathExpr: $(WHO)}]\n    env: [{name: WHO, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]",
            "[{name: scratch, emptyDir: {medium: Memory, sizeLimit: 1Mi}}, {name: all, projected: {sources: [{configMap: {name: settings}}, {secret: {name: login, items: [{key: password, path: login/password}]}}]}}]"));
        await Until.TrueAsync(async () => await Kubectl.OkAsync("logs", "files") == "onegeheim", "the pod reads its files");
        await Kubectl.ApplyAsync("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {app.conf: two}}");
        await Until.TrueAsync(async () => await Kubectl.OkAsync("exec", "files", "--", "cat", "/etc/all/app.conf") == "two", "the file follows");
        Assert.Contains("tmpfs", await Kubectl.OkAsync("exec", "files", "--", "df", "/scratch"), StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "pod", "files");
        Assert.DoesNotContain(
            Directory.EnumerateDirectories(Path.Combine(Strake.DataRoot, "kube", "pods")), static folder => Directory.Exists(Path.Combine(folder, "volumes", "kubernetes.io~projected", "all")));
    }

    [Theory]
    [InlineData("awsElasticBlockStore: {volumeID: vol-0a1b2c3d}", "awsElasticBlockStore", "ebs.csi.aws.com")]
    [InlineData("gcePersistentDisk: {pdName: disk}", "gcePersistentDisk", "pd.csi.storage.gke.io")]
    [InlineData("azureDisk: {diskName: d, diskURI: /subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d, kind: Managed}", "azureDisk", "disk.csi.azure.com")]
    [InlineData("cinder: {volumeID: bd82f7e2-wece-4c01-a505-4acf60b07f4a}", "cinder", "cinder.csi.openstack.org")]
    [InlineData("vsphereVolume: {volumePath: '[store] volumes/disk.vmdk'}", "vsphereVolume", "csi.vsphere.vmware.com")]
    public async Task Storage_that_Kubernetes_once_knew_itself_names_the_driver_that_serves_it(string source, string type, string driver)
    {
        var name = type.ToLowerInvariant();
        await Kubectl.ApplyAsync(Pod(name, Idle, "volumeMounts: [{name: data, mountPath: /data}]", $"[{{name: data, {source}}}]"));
        await ToldAsync(name, "FailedMount", $"MountVolume.SetUp failed for volume \"data\" : driver name {driver} not found in the list of registered CSI drivers; it serves {type}: install it");
        await Kubectl.OkAsync("delete", "pod", name);
    }

    static string Late(string name) => $"{{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {{name: {name}}}, provisioner: strake.csi, volumeBindingMode: WaitForFirstConsumer}}";

    static string Claim(string name, string access, string mode) =>
        $"{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: {name}}}, spec: {{accessModes: [{access}], volumeMode: {mode}, storageClassName: {name}, resources: {{requests: {{storage: 20Mi}}}}}}}}";
}
