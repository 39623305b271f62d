namespace Strake.Volumes;

/// <summary>What a CSI driver may be called: letters and digits, with dots and dashes between them, 63 at most.</summary>
/// <remarks>spec.md, GetPluginInfo: domain name notation. It is also the name of a directory, which is why nothing else gets through.</remarks>
static class CsiDriverName
{
    const int MaxLength = 63;

    /// <summary>Whether a text may be one. Pure.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: > 0 and <= MaxLength }
        && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.');
}
