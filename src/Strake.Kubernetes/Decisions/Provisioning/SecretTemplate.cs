using System.Text.RegularExpressions;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning;

/// <summary>
/// Where a class says the secret of a call is: two parameters <c>csi.storage.k8s.io/&lt;call&gt;-secret-{name,namespace}</c>, which may speak of the claim and the
/// volume: <c>${pv.name}</c>, <c>${pvc.namespace}</c>, <c>${pvc.name}</c>, <c>${pvc.annotations['key']}</c>.
/// </summary>
static partial class SecretTemplate
{
    /// <summary>The secret of a call; null when the class names none.</summary>
    /// <exception cref="StrakeException">Invalid: only one of the two is there, or one speaks of what there is not.</exception>
    public static SecretReference? Resolve(TextMap parameters, string call, Claim claim) => Resolve(parameters, call, what => ValueOf(what, claim));

    /// <summary>The secret for taking a snapshot, which may speak of it: <c>${volumesnapshotcontent.name}</c>, <c>${volumesnapshot.namespace}</c>, <c>${volumesnapshot.name}</c>.</summary>
    /// <exception cref="StrakeException">As <see cref="Resolve(TextMap, string, Claim)"/>.</exception>
    public static SecretReference? OfSnapshotter(TextMap parameters, SnapshotContent content) => Resolve(parameters, "snapshotter", what => what switch
    {
        "volumesnapshotcontent.name" => content.Name,
        "volumesnapshot.namespace" => content.Snapshot.Namespace,
        "volumesnapshot.name" => content.Snapshot.Name,
        _ => null,
    });

    static SecretReference? Resolve(TextMap parameters, string call, Func<string, string?> valueOf)
    {
        string? name = parameters.Find($"{CsiParameters.Prefix}{call}-secret-name"), space = parameters.Find($"{CsiParameters.Prefix}{call}-secret-namespace");
        return (name, space) switch
        {
            (null, null) => null,
            ({ } givenName, { } givenSpace) => new SecretReference(Fill(givenSpace, valueOf), Fill(givenName, valueOf)),
            _ => throw StrakeException.Invalid($"the class names only one of name and namespace of the {call} secret; both must be specified"),
        };
    }

    static string Fill(string template, Func<string, string?> valueOf) => Token().Replace(template, token => valueOf(token.Groups["what"].Value)
        ?? throw StrakeException.Invalid($"error resolving value \"{template}\": invalid tokens: [\"{token.Groups["what"].Value}\"]"));

    static string? ValueOf(string what, Claim claim) => what switch
    {
        "pv.name" => ProvisionedVolume.NameFor(claim),
        "pvc.namespace" => claim.Metadata.Namespace,
        "pvc.name" => claim.Metadata.Name,
        _ when what.StartsWith("pvc.annotations['", StringComparison.Ordinal) && what.EndsWith("']", StringComparison.Ordinal) =>
            claim.Metadata.Annotations.Find(what["pvc.annotations['".Length..^"']".Length]),
        _ => null,
    };

    [GeneratedRegex(@"\$\{(?<what>[^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
