using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>An engine that answers kubectl and has busybox, for the tests of one class.</summary>
public sealed class PodEngine : IAsyncLifetime
{
    /// <summary>The engine.</summary>
    public Engine Engine { get; private set; } = null!;

    /// <summary>kubectl, speaking to it.</summary>
    public KubectlCli Kubectl { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!Engine.IsStrake || !KubectlCli.Exists) return;
        Engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--kube-listen", "127.0.0.1:0"] });
        Kubectl = new KubectlCli(Path.Combine(Engine.ExecRoot, "kubeconfig"), Engine.Scratch);
        await Engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Engine is null) return;
        await Kubectl.RunAsync("delete", "pods", "--all", "--force", "--grace-period=0", "--wait=true");
        await Until.TrueAsync(async () => (await Engine.Docker.OkAsync("ps", "-aq")).Trim().Length == 0, "the containers of pods that were deleted are gone");
        await Engine.DisposeAsync();
    }
}
