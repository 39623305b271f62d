namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Tokens of service accounts, and what roles may be given by whom.</summary>
public sealed class TokenTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    [Fact]
    public async Task A_token_is_its_account_with_the_accounts_rights_until_the_account_is_gone()
    {
        await Kubectl.OkAsync("wait", "--for=create", "sa/default", "--timeout=90s");
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

    [Fact]
    public async Task Nobody_gives_more_than_he_has()
    {
        await Kubectl.OkAsync("create", "role", "granter", "--verb=create,update,get", "--resource=roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io");
        await Kubectl.OkAsync("create", "role", "looker", "--verb=get,list", "--resource=configmaps");
        foreach (var role in (string[])["granter", "looker"]) await Kubectl.OkAsync("create", "rolebinding", role, $"--role={role}", "--user=mallory");
        const string AsMallory = "--as=mallory";
        var refusal = await Kubectl.RefusedAsync("create", "role", "more", "--verb=get", "--resource=secrets", AsMallory);
        Assert.Contains("user \"mallory\" (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:", refusal, StringComparison.Ordinal);
        Assert.Contains("{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}", refusal, StringComparison.Ordinal);
        Assert.Contains("not currently held", await Kubectl.RefusedAsync("create", "role", "all", "--verb=*", "--resource=configmaps", AsMallory), StringComparison.Ordinal);
        Assert.Contains("not currently held", await Kubectl.RefusedAsync("create", "rolebinding", "all", "--clusterrole=cluster-admin", "--user=mallory", AsMallory), StringComparison.Ordinal);
        Assert.Contains("not found", await Kubectl.RefusedAsync("create", "rolebinding", "none", "--role=none", "--user=mallory", AsMallory), StringComparison.Ordinal);
        await Kubectl.OkAsync("create", "role", "same", "--verb=get", "--resource=configmaps", "--resource-name=one", AsMallory);
        await Kubectl.OkAsync("create", "rolebinding", "same", "--role=looker", "--user=bob", AsMallory);
        Assert.Equal("yes", await Kubectl.OkAsync("auth", "can-i", "list", "configmaps", "--as=bob"));
        await Kubectl.OkAsync("create", "role", "binder", "--verb=bind", "--resource=clusterroles.rbac.authorization.k8s.io", "--resource-name=view");
        await Kubectl.OkAsync("create", "rolebinding", "binder", "--role=binder", "--user=mallory");
        await Kubectl.OkAsync("create", "rolebinding", "viewers", "--clusterrole=view", "--user=bob", AsMallory);
        Assert.Equal("no", (await Kubectl.RunAsync("auth", "can-i", "create", "pods", "--as=bob")).Output.Trim());
    }
}
