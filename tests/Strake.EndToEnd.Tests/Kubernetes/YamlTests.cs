namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Bodies that are YAML, as clients other than kubectl send and want them.</summary>
public sealed class YamlTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    const string Maps = "/api/v1/namespaces/default/configmaps";

    [Fact]
    public async Task Objects_come_and_go_as_YAML()
    {
        using var api = new ApiClient(Strake);
        (int made, string type, string text) = await api.SendAsync(HttpMethod.Post, Maps, "application/yaml", """
            # A comment.
            apiVersion: v1
            kind: ConfigMap
            metadata: &m
              name: written
              labels: {app: demo}
            data:
              "on": "yes"
              text: |
                two
                lines
            """, "application/yaml");
        Assert.Equal(201, made);
        Assert.Equal("application/yaml", type);
        Assert.Contains("\ndata:\n  \"on\": \"yes\"\n  text: |-\n    two\n    lines\n", text, StringComparison.Ordinal);
        Assert.Equal("two\nlines", await Kubectl.OkAsync("get", "cm", "written", "-o", "jsonpath={.data.text}"));

        (int applied, _, _) = await api.SendAsync(HttpMethod.Patch, $"{Maps}/written?fieldManager=me&force=true", "application/apply-patch+yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  more: '1'\n");
        Assert.Equal(200, applied);
        Assert.Equal("1", await Kubectl.OkAsync("get", "cm", "written", "-o", "jsonpath={.data.more}"));
        (_, _, string list) = await api.SendAsync(HttpMethod.Get, $"{Maps}?labelSelector=app%3Ddemo", accept: "application/yaml");
        Assert.StartsWith("kind: ConfigMapList\napiVersion: v1\n", list, StringComparison.Ordinal);
        (int gone, _, string status) = await api.SendAsync(HttpMethod.Delete, $"{Maps}/written", "application/yaml", "preconditions: {uid: another}", "application/yaml");
        Assert.Equal(409, gone);
        Assert.Contains("\nstatus: Failure\n", status, StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "cm", "written");
    }

    [Fact]
    public async Task What_would_grow_without_end_or_is_no_YAML_is_refused()
    {
        using var api = new ApiClient(Strake);
        var laughs = "a0: &a0 [x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(static i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 8))}]\n"));
        (int laughed, _, string why) = await api.SendAsync(HttpMethod.Post, Maps, "application/yaml", laughs);
        Assert.Equal(400, laughed);
        Assert.Contains("with its aliases written out", why, StringComparison.Ordinal);
        (int wrong, _, string told) = await api.SendAsync(HttpMethod.Post, Maps, "application/yaml", "a: [");
        Assert.Equal(400, wrong);
        Assert.Contains("the body is no YAML: line ", told, StringComparison.Ordinal);
    }
}
