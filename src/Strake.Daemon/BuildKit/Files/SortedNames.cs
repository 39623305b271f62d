using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>The names in a directory in the order of their bytes, as a walk has them, gone through once.</summary>
sealed class SortedNames
{
    readonly List<byte[]> names;
    int at;

    SortedNames(List<byte[]> names) => this.names = names;

    /// <summary>The next name, with its NUL; null after the last.</summary>
    public byte[]? Current => at < names.Count ? names[at] : null;

    /// <summary>Reads a directory.</summary>
    /// <param name="directory">Opened for reading; stays the caller's.</param>
    public static SortedNames Of(SafeFileHandle directory)
    {
        var found = new List<byte[]>();
        using var reader = new DirectoryReader(directory);
        while (reader.Read()) found.Add(reader.NameWithNul.ToArray());
        found.Sort(ByteOrder.Comparer);
        return new SortedNames(found);
    }

    /// <summary>Goes to the next.</summary>
    public void MoveNext() => at++;
}
