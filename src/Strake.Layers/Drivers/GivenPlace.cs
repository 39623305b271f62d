using System.Text;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// A place for layers outside the data root, which users name by an option: it is kept in the driver's directory, so that it is found also by who starts
/// without the option or migrates away.
/// </summary>
static class GivenPlace
{
    /// <summary>The place that counts.</summary>
    /// <param name="folders">The driver's folders.</param>
    /// <param name="file">The name of the file that keeps it.</param>
    /// <param name="option">The option's name, for a message.</param>
    /// <param name="given">What the user says now; null: nothing.</param>
    /// <returns>That, or what was said before; null: neither.</returns>
    /// <exception cref="StrakeException">Conflict: there are layers, and they are elsewhere.</exception>
    public static string? Resolve(LayerFolders folders, string file, string option, string? given)
    {
        var path = Path.Combine(folders.Home, file);
        var kept = LayerFolders.Exists(path) ? File.ReadAllText(path) : null;
        if (given is null || string.Equals(given, kept, StringComparison.Ordinal)) return kept;
        if (folders.List().Count > 0)
            throw StrakeException.Conflict($"{option}={given}: the layers below {folders.Home} are {(kept is null ? "not in a place that was named" : $"in {kept}")}");

        DurableFile.Write(path, Encoding.UTF8.GetBytes(given), Permissions.Octal0600);
        return given;
    }
}
