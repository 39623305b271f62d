using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Services: kept and shown, and forwarding nothing.</summary>
public sealed class ServiceTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    [Fact]
    public async Task A_headless_service_of_a_stateful_set_is_kept_and_shown()
    {
        Assert.Equal("service/nginx created", await Kubectl.ApplyAsync("""
            apiVersion: v1
            kind: Service
            metadata:
              name: nginx
              labels:
                app: nginx
            spec:
              ports:
              - port: 80
                name: web
              clusterIP: None
              selector:
                app: nginx
            """));
        Assert.Matches(@"^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE +SELECTOR\nnginx +ClusterIP +None +<none> +80/TCP +\d+s +app=nginx$", await Kubectl.OkAsync("get", "svc", "nginx", "-o", "wide"));
        Assert.Equal("80", await Kubectl.OkAsync("get", "svc", "nginx", "-o", "jsonpath={.spec.ports[0].targetPort}"));
        Assert.Contains("Selector:", await Kubectl.OkAsync("describe", "svc", "nginx"), StringComparison.Ordinal);
        Assert.Equal("service/nginx unchanged", await Kubectl.ApplyAsync("{apiVersion: v1, kind: Service, metadata: {name: nginx, labels: {app: nginx}}, spec: {ports: [{port: 80, name: web}], clusterIP: None, selector: {app: nginx}}}"));
        await Kubectl.OkAsync("delete", "svc", "nginx");
    }

    [Fact]
    public async Task Who_asks_for_more_than_a_name_is_told_that_there_is_none()
    {
        CommandResult made = await Kubectl.RunAsync("create", "service", "nodeport", "open", "--tcp=80:8080");
        Assert.Equal("service/open created", made.Ok());
        Assert.Contains("Warning: spec.type: NodePort is kept, and nothing forwards its ports here", made.Error, StringComparison.Ordinal);
        Assert.Equal("8080", await Kubectl.OkAsync("get", "svc", "open", "-o", "jsonpath={.spec.ports[0].targetPort}"));
        Assert.Equal("None", await Kubectl.OkAsync("get", "svc", "open", "-o", "jsonpath={.spec.clusterIP}"));
        var refused = (await Kubectl.FeedAsync("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"wrong\"},\"spec\":{\"ports\":[{\"port\":0},{\"port\":1}]}}", "apply", "-f", "-")).Refused();
        Assert.Contains("spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive", refused, StringComparison.Ordinal);
        Assert.Contains("spec.ports[1].name: Required value", refused, StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "svc", "open");
    }
}
