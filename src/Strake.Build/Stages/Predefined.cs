using Strake.Images;

namespace Strake.Build;

/// <summary>Variables that are there without ARG. Dockerfile reference, "Predefined ARGs" and "Automatic platform ARGs".</summary>
static class Predefined
{
    /// <summary>The build argument that sets all times.</summary>
    public const string SourceDateEpoch = "SOURCE_DATE_EPOCH";

    static readonly string[] s_proxies = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

    /// <summary>Whether RUN sees a build argument though nobody declares it; its value does not count for what is known.</summary>
    public static bool IsProxy(string name) => s_proxies.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether nobody has to declare a build argument.</summary>
    public static bool IsKnown(string name) =>
        IsProxy(name) || name == SourceDateEpoch || name.StartsWith("BUILDKIT_", StringComparison.Ordinal);

    /// <summary>What the platforms say; FROM sees it, and stages that declare it.</summary>
    public static Dictionary<string, string> Platforms(Platform build, Platform target, string targetStage) => new(StringComparer.Ordinal)
    {
        ["BUILDPLATFORM"] = build.ToString(),
        ["BUILDOS"] = build.Os ?? "",
        ["BUILDARCH"] = build.Architecture ?? "",
        ["BUILDVARIANT"] = build.Variant ?? "",
        ["TARGETPLATFORM"] = target.ToString(),
        ["TARGETOS"] = target.Os ?? "",
        ["TARGETARCH"] = target.Architecture ?? "",
        ["TARGETVARIANT"] = target.Variant ?? "",
        ["TARGETSTAGE"] = targetStage,
    };
}
