namespace Strake.Kubernetes.Objects;

/// <summary>An API group in one of its versions.</summary>
/// <param name="Group">The group, <c>storage.k8s.io</c>; empty for the core group.</param>
/// <param name="Version">The version, <c>v1</c>.</param>
public sealed record GroupVersion(string Group, string Version)
{
    /// <summary>As <c>apiVersion</c> has it: <c>storage.k8s.io/v1</c>, or <c>v1</c> for the core group.</summary>
    public override string ToString() => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Reads an <c>apiVersion</c>; a text without a slash is a version of the core group.</summary>
    public static GroupVersion Parse(string apiVersion)
    {
        int slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new("", apiVersion) : new(apiVersion[..slash], apiVersion[(slash + 1)..]);
    }
}
