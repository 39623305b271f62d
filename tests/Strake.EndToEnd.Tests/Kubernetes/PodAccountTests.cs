using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Who pods are to the API server, and how they reach it.</summary>
public sealed class PodAccountTests(PodEngine engine) : PodTests(engine)
{
    const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    [Fact]
    public async Task A_pod_has_its_accounts_token_for_as_long_as_it_is_there()
    {
        await Kubectl.OkAsync("create", "sa", "worker");
        await Kubectl.OkAsync("create", "rolebinding", "workers", "--clusterrole=view", "--serviceaccount=default:worker");
        await RunAsync("working", Pod("working", Idle, more: "serviceAccountName: worker"));
        Assert.Equal("default", await Kubectl.OkAsync("exec", "working", "--", "cat", $"{Folder}/namespace"));
        Assert.Equal(
            File.ReadAllText(Path.Combine(Strake.DataRoot, "kube", "ca.crt")).Trim(), (await Kubectl.OkAsync("exec", "working", "--", "cat", $"{Folder}/ca.crt")).Trim());
        var token = "--token=" + await Kubectl.OkAsync("exec", "working", "--", "cat", $"{Folder}/token");
        Assert.Contains("system:serviceaccount:default:worker", await Kubectl.OkAsync("auth", "whoami", token), StringComparison.Ordinal);
        await Kubectl.OkAsync("get", "pods", token);
        Assert.NotEqual(0, (await Kubectl.RunAsync("exec", "working", "--", "touch", $"{Folder}/new")).Code);

        // Nobody gets from a pod to a server that listens on the loopback alone.
        Assert.DoesNotContain("KUBERNETES_SERVICE_HOST", await Kubectl.OkAsync("exec", "working", "--", "env"), StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "pod", "working");
        Assert.NotEqual(0, (await Kubectl.RunAsync("get", "pods", token)).Code);
        await Kubectl.OkAsync("delete", "sa/worker", "rolebinding/workers");
    }

    [Fact]
    public async Task A_pod_that_wants_no_token_has_none_and_one_whose_account_is_not_there_is_refused()
    {
        await RunAsync("nobody", Pod("nobody", Idle, more: "automountServiceAccountToken: false"));
        Assert.NotEqual(0, (await Kubectl.RunAsync("exec", "nobody", "--", "ls", Folder)).Code);
        await Kubectl.OkAsync("delete", "pod", "nobody");
        await Kubectl.ApplyAsync("{apiVersion: v1, kind: ServiceAccount, metadata: {name: closed}, automountServiceAccountToken: false}");
        await RunAsync("closed", Pod("closed", Idle, more: "serviceAccountName: closed"));
        Assert.NotEqual(0, (await Kubectl.RunAsync("exec", "closed", "--", "ls", Folder)).Code);
        await Kubectl.OkAsync("delete", "pod/closed", "sa/closed");
        var refused = (await Kubectl.FeedAsync(Pod("lost", Idle, more: "serviceAccountName: missing"), "apply", "-f", "-")).Refused();
        Assert.Contains("error looking up service account default/missing: serviceaccount \"missing\" not found", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_namespace_has_the_authoritys_certificate_whatever_is_done_to_it()
    {
        await Kubectl.OkAsync("create", "namespace", "fresh");
        await Kubectl.OkAsync("wait", "--for=create", "cm/kube-root-ca.crt", "-n", "fresh", "--timeout=30s");
        await Kubectl.OkAsync("patch", "cm", "kube-root-ca.crt", "-n", "fresh", "-p", """{"data":{"ca.crt":"mine"}}""");
        await Until.TrueAsync(
            async () => (await Kubectl.GetAsync("cm", "kube-root-ca.crt", "-n", "fresh"))["data"]!["ca.crt"]!.ToString().StartsWith("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal), "the certificate is back");
        await Kubectl.OkAsync("delete", "cm", "kube-root-ca.crt", "-n", "fresh");
        await Kubectl.OkAsync("wait", "--for=create", "cm/kube-root-ca.crt", "-n", "fresh", "--timeout=30s");
        await Kubectl.OkAsync("delete", "namespace", "fresh");
    }

    [Fact]
    public async Task A_server_that_listens_for_others_is_reached_by_pods_under_its_name()
    {
        await using var own = await Engine.StartAsync(new EngineOptions { Arguments = ["--kube-listen", "0.0.0.0:0"] });
        var kubectl = new KubectlCli(Path.Combine(own.ExecRoot, "kubeconfig"), own.Scratch);
        await own.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        await kubectl.ApplyAsync(Pod("caller", Idle));
        await kubectl.OkAsync("wait", "pod/caller", "--for=condition=Ready", "--timeout=30s");
        Assert.Equal("kubernetes.default.svc", (await kubectl.OkAsync("exec", "caller", "--", "sh", "-c", "echo $KUBERNETES_SERVICE_HOST")).Trim());
        await kubectl.OkAsync("exec", "caller", "--", "sh", "-c", "nc -w 5 $KUBERNETES_SERVICE_HOST $KUBERNETES_SERVICE_PORT < /dev/null");

        // What a program in the pod would do with what it finds there; busybox knows too little of TLS.
        var address = (await kubectl.OkAsync("exec", "caller", "--", "sh", "-c", "grep kubernetes.default.svc /etc/hosts | cut -f1")).Trim();
        var port = (await kubectl.OkAsync("exec", "caller", "--", "sh", "-c", "echo $KUBERNETES_SERVICE_PORT")).Trim();
        var token = await kubectl.OkAsync("exec", "caller", "--", "cat", $"{Folder}/token");
        var authority = Path.Combine(own.Scratch, "ca.crt");
        File.WriteAllText(authority, await kubectl.OkAsync("exec", "caller", "--", "cat", $"{Folder}/ca.crt"));
        CommandResult version = await Command.RunAsync(
            "kubectl", ["--kubeconfig=/dev/null", $"--server=https://{address}:{port}", "--tls-server-name=kubernetes.default.svc", $"--certificate-authority={authority}", $"--token={token}", "auth", "whoami"]);
        Assert.Contains("system:serviceaccount:default:default", version.Ok(), StringComparison.Ordinal);
        JsonNode pod = await kubectl.GetAsync("pod", "caller");
        Assert.Contains(pod["spec"]!["volumes"]!.AsArray(), static volume => volume!["name"]!.ToString().StartsWith("kube-api-access-", StringComparison.Ordinal));
        await kubectl.OkAsync("delete", "pod", "caller");
        await Until.TrueAsync(async () => (await own.Docker.OkAsync("ps", "-aq")).Trim().Length == 0, "its containers are gone");
    }
}
