using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Tests with pods that run.</summary>
public abstract class PodTests : IClassFixture<PodEngine>
{
    readonly PodEngine _engine;

    /// <summary>Skips where there is no kubectl, or the engine is Docker.</summary>
    protected PodTests(PodEngine engine)
    {
        Assert.SkipUnless(Engine.IsStrake, "Docker does not answer kubectl.");
        Assert.SkipUnless(KubectlCli.Exists, KubectlCli.Missing);
        _engine = engine;
    }

    /// <summary>The engine.</summary>
    protected Engine Strake => _engine.Engine;

    /// <summary>kubectl.</summary>
    protected KubectlCli Kubectl => _engine.Kubectl;

    /// <summary>A pod of one container that runs a line in busybox's shell, and ends at once when it is asked to.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="line">The line.</param>
    /// <param name="mounts">volumeMounts and the like, as a flow mapping's members.</param>
    /// <param name="volumes">volumes, as a flow sequence.</param>
    /// <param name="more">Further members of the specification, a line each.</param>
    protected static string Pod(string name, string line, string mounts = "volumeMounts: []", string volumes = "[]", string more = "") => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}}
        spec:
          terminationGracePeriodSeconds: 1
          {{more}}
          volumes: {{volumes}}
          containers:
          - name: main
            image: busybox:latest
            imagePullPolicy: IfNotPresent
            command: [sh, -c]
            args: ["{{line}}"]
            {{mounts}}
        """;

    /// <summary>What a container does that does nothing.</summary>
    protected const string Idle = "trap 'exit 0' TERM; while true; do sleep 0.1; done";

    /// <summary>Applies a text and waits until its pod is ready.</summary>
    protected async Task RunAsync(string name, string yaml)
    {
        await Kubectl.ApplyAsync(yaml);
        await ReadyAsync(name);
    }

    /// <summary>Waits until a pod is ready.</summary>
    protected Task ReadyAsync(string name) => Kubectl.OkAsync("wait", $"pod/{name}", "--for=condition=Ready", "--timeout=90s");

    /// <summary>Waits until an event about an object says something.</summary>
    protected Task ToldAsync(string name, string reason, string message) => Until.TrueAsync(
        async () => (await Kubectl.GetAsync("events", "--field-selector", $"involvedObject.name={name}"))["items"]!.AsArray()
            .Any(item => (string?)item!["reason"] == reason && ((string?)item["message"])!.Contains(message, StringComparison.Ordinal)),
        $"an event {reason} about {name}: {message}");

    /// <summary>Waits until an object's field is something.</summary>
    protected Task IsAsync(string expected, string path, params string[] what) => Until.TrueAsync(
        async () => (await Kubectl.RunAsync(["get", .. what, "-o", $"jsonpath={{{path}}}"])).Output == expected, $"{string.Join(' ', what)} has {path} {expected}");

    /// <summary>The first container's status.</summary>
    protected async Task<JsonNode> StatusAsync(string pod) => (await Kubectl.GetAsync("pod", pod))["status"]!["containerStatuses"]![0]!;
}
