namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Tokens of service accounts.</summary>
public sealed class TokenTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    [Fact]
    public async Task A_token_is_its_account_with_the_accounts_rights_until_the_account_is_gone()
    {
        await Kubectl.OkAsync("wait", "--for=create", "sa/default", "--timeout=30s");
        await Kubectl.OkAsync("create", "sa", "reader");
        var token = "--token=" + await Kubectl.OkAsync("create", "token", "reader");
        Assert.Contains("system:serviceaccount:default:reader", await Kubectl.OkAsync("auth", "whoami", token), StringComparison.Ordinal);
        Assert.Contains("User \"system:serviceaccount:default:reader\" cannot list resource \"pods\"", await Kubectl.RefusedAsync("get", "pods", token), StringComparison.Ordinal);
        await Kubectl.OkAsync("create", "rolebinding", "readers", "--clusterrole=view", "--serviceaccount=default:reader");
        await Kubectl.OkAsync("get", "pods", token);
        Assert.Equal("yes", await Kubectl.OkAsync("auth", "can-i", "get", "pods", "--as=system:serviceaccount:default:reader"));
        Assert.Equal("no", (await Kubectl.RunAsync("auth", "can-i", "get", "secrets", "--as=system:serviceaccount:default:reader")).Output.Trim());
        Assert.Contains("cannot impersonate resource \"users\"", await Kubectl.RefusedAsync("get", "pods", token, "--as=kubernetes-admin"), StringComparison.Ordinal);
        Assert.Equal("no", (await Kubectl.RunAsync("auth", "can-i", "delete", "pods", token)).Output.Trim());
        Assert.Contains("may not specify a duration less than 10 minutes", await Kubectl.RefusedAsync("create", "token", "reader", "--duration=1m"), StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "sa", "reader");
        Assert.NotEqual(0, (await Kubectl.RunAsync("get", "pods", token)).Code);
    }
}
