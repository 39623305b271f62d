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
    public static SecretReference? Resolve(TextMap parameters, string call, Claim claim)
    {
        string? name = parameters.Find($"{CsiParameters.Prefix}{call}-secret-name"), space = parameters.Find($"{CsiParameters.Prefix}{call}-secret-namespace");
        return (name, space) switch
        {
            (null, null) => null,
            ({ } givenName, { } givenSpace) => new SecretReference(Fill(givenSpace, claim), Fill(givenName, claim)),
            _ => throw StrakeException.Invalid($"the class names only one of name and namespace of the {call} secret; both must be specified"),
        };
    }

    static string Fill(string template, Claim claim) => Token().Replace(template, token => ValueOf(token.Groups["what"].Value, claim)
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
