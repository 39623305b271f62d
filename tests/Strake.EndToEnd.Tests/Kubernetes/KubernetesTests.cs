using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Tests on an engine that answers kubectl.</summary>
public abstract class KubernetesTests : IClassFixture<KubernetesEngine>
{
    readonly KubernetesEngine _engine;

    /// <summary>Skips where there is no kubectl, or the engine is Docker.</summary>
    protected KubernetesTests(KubernetesEngine engine)
    {
        Assert.SkipUnless(Engine.IsStrake, "Docker does not answer kubectl.");
        Assert.SkipUnless(KubectlCli.Exists, KubectlCli.Missing);
        _engine = engine;
    }

    /// <summary>The engine.</summary>
    protected Engine Strake => _engine.Engine;

    /// <summary>kubectl.</summary>
    protected KubectlCli Kubectl => _engine.Kubectl;

    /// <summary>A claim.</summary>
    protected static string Claim(string name, string size = "1Gi") => $"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: {name}
          labels:
            app: {name}
        spec:
          accessModes: [ReadWriteOnce]
          resources:
            requests:
              storage: {size}
        """;
}
