namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>The manifests that come with Strake.</summary>
public sealed class ManifestTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    [Fact]
    public async Task The_manifests_of_the_driver_are_accepted()
    {
        // A dry run makes no namespace for what is in it.
        await Kubectl.OkAsync("create", "namespace", "strake");
        var files = Directory.GetFiles(Path.Combine(Checkout(), "deploy", "kubernetes"), "*.yaml");
        Assert.NotEmpty(files);
        foreach (var file in files) await Kubectl.OkAsync("apply", "--dry-run=server", "-f", file);
    }

    [Fact]
    public async Task The_example_of_tiers_runs_a_database_and_leaves_nothing()
    {
        await Strake.Docker.OkAsync("load", "-qi", Harness.TestSetting.Image("mysql.docker.tar"));
        var file = Path.Combine(Checkout(), "examples", "tiers.yaml");
        await Kubectl.OkAsync("apply", "-f", file);
        await Kubectl.OkAsync("wait", "pod/database", "--for=condition=Ready", "--timeout=50s");
        await Harness.Until.TrueAsync(
            async () => (await Kubectl.RunAsync("exec", "database", "--", "mariadb", "-e", "CREATE DATABASE IF NOT EXISTS kept; SHOW DATABASES")).Output.Contains("kept", StringComparison.Ordinal),
            "the database answers", TimeSpan.FromMinutes(2));
        Assert.Contains("exceeded quota: platinum-is-dear", await Kubectl.RefusedAsync("patch", "pvc", "database", "-p", """{"spec":{"resources":{"requests":{"storage":"20Gi"}}}}"""), StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "pod", "database", "--grace-period=1");
        await Kubectl.OkAsync("delete", "-f", file, "--ignore-not-found");
        Assert.Equal("No resources found", (await Kubectl.RunAsync("get", "pv")).Error.Trim());
        Assert.Equal("", await Strake.Docker.OkAsync("volume", "ls", "-q"));
    }

    static string Checkout()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(at, "Strake.slnx"))) return at;
        throw new InvalidOperationException("the tests do not lie in a checkout");
    }
}
