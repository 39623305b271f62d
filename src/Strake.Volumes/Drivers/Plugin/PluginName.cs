namespace Strake.Volumes;

/// <summary>What a plugin may be called.</summary>
static class PluginName
{
    const int MaxLength = 128;
    const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>Whether it is a single word, which can be the name of a file.</summary>
    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= MaxLength && Letters.Contains(name[0], StringComparison.Ordinal) && !name.AsSpan().ContainsAnyExcept(Letters + "_.-");
}
