namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Kinds that users bring along.</summary>
public sealed class CustomTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: backups.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: backups, kind: Backup, shortNames: [bk]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            additionalPrinterColumns:
            - {name: Claim, type: string, jsonPath: .spec.claim}
            - {name: Copies, type: integer, jsonPath: .spec.copies}
            schema:
              openAPIV3Schema:
                type: object
                description: A copy of a claim.
                properties:
                  spec:
                    type: object
                    required: [claim]
                    properties:
                      claim: {type: string, description: The claim that is copied.}
                      copies: {type: integer, minimum: 1, default: 1}
        """;

    [Fact]
    public async Task A_definition_is_served_at_once_and_its_objects_are_checked_shown_and_deleted_with_it()
    {
        Assert.Equal("customresourcedefinition.apiextensions.k8s.io/backups.example.com created", await Kubectl.ApplyAsync(Definition));
        await Kubectl.OkAsync("wait", "--for=condition=Established", "crd/backups.example.com", "--timeout=90s");
        Assert.Contains("backups", await Kubectl.OkAsync("api-resources", "--api-group=example.com"), StringComparison.Ordinal);
        Assert.Equal("backup.example.com/daily created", await Kubectl.ApplyAsync(Backup("{claim: data}")));
        Assert.Matches("^NAME +CLAIM +COPIES\ndaily +data +1$", await Kubectl.OkAsync("get", "bk"));
        Assert.Contains("The claim that is copied.", await Kubectl.OkAsync("explain", "backup.spec"), StringComparison.Ordinal);
        Assert.Contains("spec.copies in body should be greater than or equal to 1", (await Kubectl.FeedAsync(Backup("{claim: data, copies: 0}"), "apply", "-f", "-")).Refused(), StringComparison.Ordinal);
        Assert.Contains(
            "The Backup \"daily\" is invalid: spec.copies: Invalid value: \"string\": spec.copies in body must be of type integer: \"string\"",
            (await Kubectl.FeedAsync(Backup("{claim: data, copies: many}"), "apply", "-f", "-")).Refused(), StringComparison.Ordinal);
        Assert.Contains("unknown field \"spec.color\"", (await Kubectl.FeedAsync(Backup("{claim: data, color: red}"), "apply", "-f", "-")).Refused(), StringComparison.Ordinal);
        await Kubectl.OkAsync("patch", "bk", "daily", "--type=merge", "-p", """{"spec":{"copies":3}}""");
        Assert.Equal("backup.example.com/daily serverside-applied", await Kubectl.ApplyAsync(Backup("{claim: data}"), "--server-side", "--force-conflicts"));
        Assert.Contains("copies", await Kubectl.OkAsync("get", "backups.v1.example.com", "daily", "-o", "yaml"), StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "crd", "backups.example.com", "--timeout=90s");
        // In kubectl's own words, or, while its cache of kinds is young, in the server's.
        Assert.Contains("backups", await Kubectl.RefusedAsync("get", "backups"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_that_nobody_knows_is_told_as_that()
    {
        var refused = (await Kubectl.FeedAsync("{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"w\"}}", "apply", "-f", "-")).Refused();
        Assert.Contains("no matches for kind \"Widget\" in version \"example.com/v1\"", refused, StringComparison.Ordinal);
    }

    static string Backup(string spec) => $$"""
        apiVersion: example.com/v1
        kind: Backup
        metadata: {name: daily}
        spec: {{spec}}
        """;
}
