using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Strake.Volumes;

/// <summary>
/// A volume's name: at least two characters of <c>[a-zA-Z0-9_.-]</c>, the first a letter or digit. It is also the name
/// of the volume's directory, which is why nothing else gets through.
/// </summary>
/// <remarks>moby <c>volume/names</c>; the limit of 255 is the file system's (<c>NAME_MAX</c>).</remarks>
public readonly record struct VolumeName
{
    const int MinLength = 2;
    const int MaxLength = 255;
    const int AnonymousLength = 64;
    const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const string Characters = Letters + "_.-";

    readonly string? text;

    VolumeName(string text) => this.text = text;

    /// <summary>A name for a volume that nobody named: 64 random hexadecimal digits.</summary>
    public static VolumeName Anonymous() => new(RandomNumberGenerator.GetHexString(AnonymousLength, lowercase: true));

    /// <summary>Parses what a user or a record wrote.</summary>
    /// <param name="text">The candidate.</param>
    /// <param name="name">The name; unusable when the text is none.</param>
    /// <returns>Whether <paramref name="text"/> may name a volume.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out VolumeName name)
    {
        bool valid = text is { Length: >= MinLength and <= MaxLength }
            && Letters.Contains(text[0], StringComparison.Ordinal)
            && !text.AsSpan().ContainsAnyExcept(Characters);
        name = valid ? new VolumeName(text!) : default;
        return valid;
    }

    /// <summary>Parses a name that a user gave for a volume that is to have it.</summary>
    /// <param name="text">The candidate.</param>
    /// <param name="operation">What is to be done, for the message.</param>
    /// <exception cref="StrakeException">Invalid: the text may not name a volume; says what may.</exception>
    public static VolumeName Parse(string text, string operation = "create")
    {
        if (TryParse(text, out VolumeName name))
            return name;
        throw text.Length < MinLength
            ? StrakeException.Invalid($"{operation} {text}: volume name is too short, names should be at least two alphanumeric characters")
            : text.Length > MaxLength
                ? StrakeException.Invalid($"{operation} {text[..16]}…: volume name is too long: {text.Length} characters, at most {MaxLength} are allowed")
                : StrakeException.Invalid($"{operation} {text}: \"{text}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path");
    }

    /// <summary>The name.</summary>
    public override string ToString() => text ?? throw new InvalidOperationException("An uninitialised volume name was used.");
}
