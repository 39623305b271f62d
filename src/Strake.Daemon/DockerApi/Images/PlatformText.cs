using Strake.Images;

namespace Strake.Daemon.DockerApi;

/// <summary>Platforms as <c>--platform</c> gives them.</summary>
static class PlatformText
{
    /// <summary>Reads <c>os[/architecture[/variant]]</c>.</summary>
    /// <exception cref="StrakeException">Invalid: another form.</exception>
    public static Platform Parse(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length > 3 || parts.Any(part => part.Length == 0 || part.AsSpan().ContainsAnyExcept(s_letters)))
            throw StrakeException.Invalid($"\"{text}\" is an invalid platform: it must be os/architecture or os/architecture/variant");
        return new Platform
        {
            Os = parts[0].ToLowerInvariant(),
            Architecture = parts.Length > 1 ? ArchitectureOf(parts[1].ToLowerInvariant()) : Platform.Host.Architecture,
            Variant = parts.Length > 2 ? parts[2].ToLowerInvariant() : null,
        };
    }

    static readonly System.Buffers.SearchValues<char> s_letters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    static string ArchitectureOf(string name) => name switch
    {
        "x86_64" or "x86-64" => "amd64",
        "aarch64" => "arm64",
        "i386" => "386",
        _ => name,
    };
}
