using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>What an image runs on, in Go's names (<c>linux</c>, <c>amd64</c>, <c>v7</c>).</summary>
/// <remarks>OCI image specification, image-index.md, "platform".</remarks>
public sealed record Platform
{
    static readonly SearchValues<char> s_letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    // Where one word is all there is, it is a system or else an architecture.
    static readonly string[] s_systems = ["linux", "windows", "darwin", "freebsd", "wasip1"];

    /// <summary>GOOS; <c>linux</c>.</summary>
    [JsonPropertyName("os")]
    public string? Os { get; init; }

    /// <summary>GOARCH, such as <c>amd64</c>.</summary>
    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    /// <summary>The variant of the CPU, such as <c>v7</c>; null when it has none.</summary>
    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    /// <summary>The version of the operating system; Windows images have one.</summary>
    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    /// <summary>Features that the operating system must have.</summary>
    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    /// <summary>The platform of this process.</summary>
    public static Platform Host { get; } = new()
    {
        Os = "linux",
        Architecture = RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "amd64",
            System.Runtime.InteropServices.Architecture.X86 => "386",
            System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
            System.Runtime.InteropServices.Architecture.Arm or System.Runtime.InteropServices.Architecture.Armv6 => "arm",
            System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
            var other => other.ToString().ToLowerInvariant(),
        },
        Variant = RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.Arm => "v7",
            System.Runtime.InteropServices.Architecture.Armv6 => "v6",
            _ => null,
        },
    };

    /// <summary>Reads a platform as <c>--platform</c> gives it: <c>os/architecture[/variant]</c>, or one of the first two alone, the other being the host's.</summary>
    /// <param name="text">The text; small and capital letters mean the same, and so do <c>x86_64</c> and <c>amd64</c>.</param>
    /// <exception cref="StrakeException">Invalid: another form.</exception>
    public static Platform Parse(string text)
    {
        var parts = text.ToLowerInvariant().Split('/');
        if (parts.Length > 3 || parts.Any(static part => part.Length == 0 || part.AsSpan().ContainsAnyExcept(s_letters)))
            throw StrakeException.Invalid($"\"{text}\" is an invalid platform: it must be os/architecture or os/architecture/variant");
        if (parts.Length == 1 && !s_systems.Contains(parts[0], StringComparer.Ordinal)) return new Platform { Os = Host.Os, Architecture = ArchitectureOf(parts[0]) };
        return new Platform
        {
            Os = parts[0],
            Architecture = parts.Length > 1 ? ArchitectureOf(parts[1]) : Host.Architecture,
            Variant = parts.Length > 2 ? parts[2] : null,
        };
    }

    /// <summary>
    /// Whether an image of <paramref name="image"/> runs here: same system and architecture, and a variant that is not newer.
    /// What the image leaves open matches.
    /// </summary>
    /// <param name="image">The image's platform.</param>
    public bool Runs(Platform image) =>
        Same(image.Os, Os) && Same(image.Architecture, Architecture)
        && (string.IsNullOrEmpty(image.Variant) || string.CompareOrdinal(image.Variant, NewestVariant) <= 0);

    /// <summary><c>os/architecture[/variant]</c>.</summary>
    public override string ToString() => $"{Os}/{Architecture}" + (string.IsNullOrEmpty(Variant) ? "" : "/" + Variant);

    // arm64 means v8 and arm v7 where nothing is said; for amd64 the levels are v1 to v4, and only the first is certain.
    string NewestVariant => !string.IsNullOrEmpty(Variant) ? Variant : Architecture switch
    {
        "arm64" => "v8",
        "arm" => "v7",
        "amd64" => "v1",
        _ => "",
    };

    static string ArchitectureOf(string name) => name switch
    {
        "x86_64" or "x86-64" => "amd64",
        "aarch64" => "arm64",
        "i386" => "386",
        _ => name,
    };

    static bool Same(string? wanted, string? had) =>
        string.IsNullOrEmpty(wanted) || string.Equals(wanted, had, StringComparison.Ordinal);
}
