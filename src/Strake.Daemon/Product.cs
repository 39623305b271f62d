using System.Reflection;

namespace Strake.Daemon;

/// <summary>What this build is.</summary>
public static class Product
{
    /// <summary>The version, as <c>docker version</c> shows it: <c>0.1.0</c>.</summary>
    public static string Version { get; } = typeof(Product).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The commit it was built from; empty where the build did not know.</summary>
    public static string Commit { get; } =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion is { } text
        && text.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus ? text[(plus + 1)..] : "";
}
