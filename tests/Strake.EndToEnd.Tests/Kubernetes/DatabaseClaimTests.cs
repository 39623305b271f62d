using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>The life of a database's claim: made, bound, filled, grown, snapshotted, restored, cloned, deleted.</summary>
public sealed class DatabaseClaimTests(PodEngine engine) : PodTests(engine)
{
    [Fact]
    public async Task A_databases_rows_go_with_its_claim_and_its_copies_and_nothing_is_left()
    {
        await Strake.Docker.OkAsync("load", "-qi", TestSetting.Image("mysql.docker.tar"));
        await Kubectl.ApplyAsync("""
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: rows}
            provisioner: strake.csi
            parameters: {backend: image}
            allowVolumeExpansion: true
            ---
            apiVersion: snapshot.storage.k8s.io/v1
            kind: VolumeSnapshotClass
            metadata: {name: rows}
            driver: strake.csi
            deletionPolicy: Delete
            """);
        await Kubectl.ApplyAsync(Claim("rows", "512Mi", ""));
        await Kubectl.ApplyAsync(Database("rows"));
        await SqlAsync("rows", "CREATE DATABASE kept; CREATE TABLE kept.t (n INT); INSERT INTO kept.t VALUES (7)");

        await Kubectl.OkAsync("patch", "pvc", "rows", "-p", """{"spec":{"resources":{"requests":{"storage":"700Mi"}}}}""");
        await Kubectl.OkAsync("wait", "pvc/rows", "--for=jsonpath={.status.capacity.storage}=700Mi", "--timeout=90s");
        await Kubectl.ApplyAsync("""
            apiVersion: snapshot.storage.k8s.io/v1
            kind: VolumeSnapshot
            metadata: {name: rows}
            spec: {volumeSnapshotClassName: rows, source: {persistentVolumeClaimName: rows}}
            """);
        await Kubectl.OkAsync("wait", "volumesnapshot/rows", "--for=jsonpath={.status.readyToUse}=true", "--timeout=60s");
        await SqlAsync("rows", "INSERT INTO kept.t VALUES (8)");
        await Kubectl.ApplyAsync(Claim("restored", "700Mi", "{apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: rows}"));
        await Kubectl.ApplyAsync(Claim("cloned", "700Mi", "{kind: PersistentVolumeClaim, name: rows}"));
        foreach (var (copy, sum) in new[] { ("restored", "7"), ("cloned", "15") })
        {
            await Kubectl.ApplyAsync(Database(copy));
            Assert.Equal(sum, await SqlAsync(copy, "SELECT SUM(n) FROM kept.t"));
        }

        Assert.Equal("15", await SqlAsync("rows", "SELECT SUM(n) FROM kept.t"));
        await Kubectl.OkAsync("delete", "pod", "rows", "restored", "cloned", "--grace-period=1");
        await Kubectl.OkAsync("delete", "pvc", "rows", "restored", "cloned");
        await Kubectl.OkAsync("delete", "volumesnapshot", "rows");
        await Until.TrueAsync(async () => (await Kubectl.OkAsync("get", "pv,volumesnapshotcontent", "-o", "name")).Length == 0, "volumes and contents are gone");
        Assert.Equal("", await Strake.Docker.OkAsync("volume", "ls", "-q"));
        Assert.Empty(Leftovers.MountsBelow(Path.Combine(Strake.DataRoot, "volumes")));
        await Kubectl.OkAsync("delete", "sc/rows", "volumesnapshotclass/rows");
    }

    static string Claim(string name, string size, string source) => $$"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: {{name}} }
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: rows
          resources:
            requests: {storage: {{size}} }
        {{(source.Length > 0 ? "  dataSource: " + source : "")}}
        """;

    static string Database(string name) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}} }
        spec:
          containers:
          - name: mysql
            image: mysql
            imagePullPolicy: Never
            env: [{name: MYSQL_ALLOW_EMPTY_PASSWORD, value: "1"}]
            volumeMounts: [{name: data, mountPath: /var/lib/mysql}]
          volumes:
          - name: data
            persistentVolumeClaim: {claimName: {{name}} }
        """;

    // A database takes its time to start, and answers nothing until it has.
    async Task<string> SqlAsync(string pod, string statements)
    {
        await ReadyAsync(pod);
        CommandResult? answer = null;
        await Until.TrueAsync(
            async () => (answer = await Kubectl.RunAsync("exec", pod, "--", "mariadb", "-N", "-e", statements)).Code == 0, $"{pod} answers", TimeSpan.FromMinutes(2));
        return answer!.Text;
    }
}
