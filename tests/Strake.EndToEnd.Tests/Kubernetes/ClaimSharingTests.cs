using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Claims that several pods have at once, and what of them may write.</summary>
public sealed class ClaimSharingTests(PodEngine engine) : PodTests(engine)
{
    const string Mounted = "volumeMounts: [{name: data, mountPath: /data}]";

    [Fact]
    public async Task A_volume_for_readers_is_read_by_two_pods_and_written_by_nobody()
    {
        await Strake.Docker.OkAsync("volume", "create", "library");
        await Strake.Docker.OkAsync("run", "--rm", "-v", "library:/data", "busybox", "sh", "-c", "echo kept > /data/file");
        await Kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: library}
            spec: {capacity: {storage: 1Gi}, accessModes: [ReadOnlyMany], storageClassName: library, csi: {driver: strake.csi, volumeHandle: library} }
            ---
            {{Claim("library", "ReadOnlyMany")}}
            ---
            {{Pod("reader-one", Idle, Mounted, Volume("library"), "securityContext: {fsGroup: 4711}")}}
            ---
            {{Pod("reader-two", Idle, Mounted, Volume("library"))}}
            """);
        foreach (var pod in (string[])["reader-one", "reader-two"])
        {
            await ReadyAsync(pod);
            Assert.Equal("kept", await Kubectl.OkAsync("exec", pod, "--", "cat", "/data/file"));
            CommandResult written = await Kubectl.RunAsync("exec", pod, "--", "touch", "/data/new");
            Assert.NotEqual(0, written.Code);
            Assert.Contains("Read-only file system", written.Error, StringComparison.Ordinal);
        }

        // A reader's group does not change what all read.
        Assert.Equal("0", await Kubectl.OkAsync("exec", "reader-two", "--", "stat", "-c", "%g", "/data/file"));
        Assert.Equal("kept", (await Strake.Docker.OkAsync("run", "--rm", "-v", "library:/data:ro", "busybox", "cat", "/data/file")).Trim());
        CommandResult writer = await Strake.Docker.RunAsync("run", "--rm", "-v", "library:/data", "busybox", "true");
        Assert.Contains("ReadOnlyMany", writer.Error, StringComparison.Ordinal);

        await Kubectl.OkAsync("delete", "pod", "reader-one", "reader-two");
        await Kubectl.OkAsync("delete", "pvc/library", "pv/library");
        // It is given back a moment after its objects are gone.
        await Until.TrueAsync(async () => (await Strake.Docker.RunAsync("volume", "rm", "library")).Code == 0, "the volume is the engine's own again");
    }

    [Fact]
    public async Task A_claim_for_readers_begins_as_a_copy_of_another()
    {
        await Kubectl.ApplyAsync($$"""
            {{Class("copied")}}
            ---
            {{Claim("copied", "ReadWriteOnce")}}
            ---
            {{Pod("author", "echo first > /data/file; sync; trap 'exit 0' TERM; while true; do sleep 0.1; done", Mounted, Volume("copied"))}}
            """);
        await ReadyAsync("author");
        await Until.TrueAsync(async () => (await Kubectl.RunAsync("exec", "author", "--", "cat", "/data/file")).Text == "first", "the author has written");
        await Kubectl.ApplyAsync($$"""
            {{Claim("copies", "ReadOnlyMany", "copied", "dataSource: {kind: PersistentVolumeClaim, name: copied}, ")}}
            ---
            {{Pod("copy-one", Idle, Mounted, Volume("copies"))}}
            ---
            {{Pod("copy-two", Idle, Mounted, Volume("copies"))}}
            """);
        foreach (var pod in (string[])["copy-one", "copy-two"])
        {
            await ReadyAsync(pod);
            Assert.Equal("first", await Kubectl.OkAsync("exec", pod, "--", "cat", "/data/file"));
            Assert.NotEqual(0, (await Kubectl.RunAsync("exec", pod, "--", "rm", "/data/file")).Code);
        }

        await Kubectl.OkAsync("delete", "pod", "author", "copy-one", "copy-two");
        await Kubectl.OkAsync("delete", "pvc/copied", "pvc/copies", "sc/copied");
    }

    [Fact]
    public async Task A_pod_that_only_reads_a_claim_sees_what_another_writes()
    {
        await Kubectl.ApplyAsync($$"""
            {{Class("board")}}
            ---
            {{Claim("board", "ReadWriteOnce")}}
            ---
            {{Pod("chalk", Idle, Mounted, Volume("board"))}}
            ---
            {{Pod("eyes", Idle, Mounted, Volume("board", ", readOnly: true"))}}
            """);
        await ReadyAsync("chalk");
        await ReadyAsync("eyes");
        await Kubectl.OkAsync("exec", "chalk", "--", "sh", "-c", "echo news > /data/file");
        Assert.Equal("news", await Kubectl.OkAsync("exec", "eyes", "--", "cat", "/data/file"));
        Assert.Contains("Read-only file system", (await Kubectl.RunAsync("exec", "eyes", "--", "rm", "/data/file")).Error, StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "pod", "chalk", "eyes");
        await Kubectl.OkAsync("delete", "pvc/board", "sc/board");
    }

    static string Class(string name) => $"{{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {{name: {name}}}, provisioner: strake.csi}}";

    static string Volume(string claim, string more = "") => $"[{{name: data, persistentVolumeClaim: {{claimName: {claim}{more}}}}}]";

    static string Claim(string name, string access, string? itsClass = null, string source = "") =>
        $"{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: {name}}}, spec: {{{source}accessModes: [{access}], storageClassName: {itsClass ?? name}, resources: {{requests: {{storage: 20Mi}}}}}}}}";
}
