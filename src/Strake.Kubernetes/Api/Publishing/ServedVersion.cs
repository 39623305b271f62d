namespace Strake.Kubernetes.Api;

/// <summary>The version of Kubernetes whose API is served: what kubectl compares its own with.</summary>
public static class ServedVersion
{
    /// <summary>Left of the first dot.</summary>
    public const string Major = "1";

    /// <summary>Right of it.</summary>
    public const string Minor = "35";

    /// <summary>All of it.</summary>
    public const string Text = $"v{Major}.{Minor}.0";
}
