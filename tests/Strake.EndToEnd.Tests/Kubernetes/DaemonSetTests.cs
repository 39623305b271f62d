using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>A daemon set with its pod.</summary>
public sealed class DaemonSetTests(PodEngine engine) : PodTests(engine)
{
    [Fact]
    public async Task The_node_has_one_pod_of_the_newest_template_which_comes_back_and_goes_with_the_set()
    {
        await Kubectl.ApplyAsync(Set("one"));
        await Kubectl.OkAsync("rollout", "status", "ds/agent", "--timeout=40s");
        Assert.Matches(@"^NAME +DESIRED +CURRENT +READY +UP-TO-DATE +AVAILABLE +(NODE SELECTOR +)?AGE\nagent +1 +1 +1 +1 +1 +(<none> +)?\d+s$", await Kubectl.OkAsync("get", "ds", "agent"));
        var first = await PodAsync();
        await Kubectl.OkAsync("delete", first);
        await Until.TrueAsync(async () => await PodAsync() is { Length: > 0 } now && now != first, "another pod has taken its place");

        await Kubectl.ApplyAsync(Set("two"));
        await Kubectl.OkAsync("rollout", "status", "ds/agent", "--timeout=40s");
        Assert.Equal("two", await Kubectl.OkAsync("get", "pods", "-l", "app=agent", "-o", "jsonpath={.items[*].spec.containers[0].env[0].value}"));
        Assert.Matches("1 +<none>\n2 +<none>", await Kubectl.OkAsync("rollout", "history", "ds/agent"));
        await Kubectl.OkAsync("rollout", "undo", "ds/agent");
        await Until.TrueAsync(async () => (await Kubectl.OkAsync("get", "pods", "-l", "app=agent", "-o", "jsonpath={.items[*].spec.containers[0].env[0].value}")) == "one", "the older template is back");
        await Kubectl.OkAsync("patch", "ds", "agent", "-p", """{"spec":{"template":{"spec":{"nodeSelector":{"disk":"tape"}}}}}""");
        await Until.TrueAsync(async () => (await PodAsync()).Length == 0, "a node that is not meant has none");
        await IsAsync("0", ".status.desiredNumberScheduled", "ds", "agent");
        await Kubectl.OkAsync("delete", "ds", "agent");
    }

    async Task<string> PodAsync() => await Kubectl.OkAsync("get", "pods", "-l", "app=agent", "-o", "name");

    static string Set(string word) => $$"""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          selector: {matchLabels: {app: agent} }
          template:
            metadata: {labels: {app: agent} }
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: busybox:latest
                imagePullPolicy: Never
                env: [{name: WORD, value: {{word}} }]
                command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.1; done"]
        """;
}
