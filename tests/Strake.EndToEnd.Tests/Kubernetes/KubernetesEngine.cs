using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>An engine that answers kubectl, for the tests of one class.</summary>
public sealed class KubernetesEngine : IAsyncLifetime
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
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Engine is not null) await Engine.DisposeAsync();
    }
}
