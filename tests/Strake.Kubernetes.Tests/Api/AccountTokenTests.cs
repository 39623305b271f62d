using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Api;

/// <summary>Which pods get the token of their account, and where.</summary>
public sealed class AccountTokenTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("\"automountServiceAccountToken\":false,", "", false)]
    [InlineData("", ",\"automountServiceAccountToken\":false", false)]
    [InlineData("\"automountServiceAccountToken\":true,", ",\"automountServiceAccountToken\":false", true)]
    public async Task A_pod_has_it_unless_the_pod_or_its_account_says_otherwise(string pod, string account, bool isMounted)
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(ServiceAccountKind.Kind, $$"""{"metadata":{"name":"worker"}{{account}}}""");
        JsonObject admitted = await AdmitAsync(kube, $$"""{{{pod}}"serviceAccountName":"worker","initContainers":[{"name":"i"}],"containers":[{"name":"c"}]}""");
        JsonNode?[] volumes = [.. admitted.ItemsAt("spec", "volumes")];
        Assert.Equal(isMounted ? 1 : 0, volumes.Length);
        foreach (string list in (string[])["containers", "initContainers"])
            Assert.Equal(isMounted ? [AccountToken.MountPath] : [], admitted.ItemsAt("spec", list).Single().ItemsAt("volumeMounts").Select(static mount => mount.TextAt("mountPath")));
    }

    [Fact]
    public async Task A_container_that_mounts_something_there_keeps_it()
    {
        await using var kube = await OpenAsync();
        JsonObject admitted = await AdmitAsync(kube, $$"""{"containers":[{"name":"c","volumeMounts":[{"name":"mine","mountPath":"{{AccountToken.MountPath}}"}]}],"volumes":[{"name":"mine"}]}""");
        Assert.Equal("mine", admitted.ItemsAt("spec", "volumes").Single().TextAt("name"));
    }

    [Fact]
    public async Task An_account_that_is_not_there_is_told()
    {
        await using var kube = await OpenAsync();
        StatusException refused = await Assert.ThrowsAsync<StatusException>(() => AdmitAsync(kube, """{"serviceAccountName":"nobody","containers":[]}"""));
        Assert.Equal(403, refused.Status.Code);
        Assert.Contains("error looking up service account default/nobody: serviceaccount \"nobody\" not found", refused.Message, StringComparison.Ordinal);
    }

    static async Task<JsonObject> AdmitAsync(KubeFixture kube, string spec)
    {
        var pod = (JsonObject)JsonNode.Parse($$"""{"metadata":{"name":"p","namespace":"default"},"spec":{{spec}}}""")!;
        await new AccountToken(kube.Objects).AdmitAsync(PodKind.Kind, pod, old: null, Cancel);
        return pod;
    }
}
