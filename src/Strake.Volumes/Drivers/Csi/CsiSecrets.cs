using Google.Protobuf.Collections;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>
/// What a driver must know and nobody else: names and values from a file, read for each operation and kept nowhere. What is told of a driver's
/// answers has them masked.
/// </summary>
sealed class CsiSecrets
{
    const string Mark = "********";
    const long MaxBytes = 64 << 10;

    readonly Dictionary<string, string> values;

    CsiSecrets(Dictionary<string, string> values) => this.values = values;

    /// <summary>None.</summary>
    public static CsiSecrets None { get; } = new([]);

    /// <summary>Reads a file of lines <c>name=value</c>; empty lines and those that begin with <c>#</c> are passed over.</summary>
    /// <param name="path">The file; null: there are none.</param>
    /// <exception cref="StrakeException">NotFound, Invalid; PermissionDenied: others than its owner may read it.</exception>
    public static CsiSecrets Read(string? path)
    {
        if (path is null)
            return None;
        if (!Syscall.TryStatAt(Syscall.WorkingDirectory, path, out FileStat stat, AtFlags.None) || stat.Kind != FileKind.Regular)
            throw StrakeException.NotFound($"the file of secrets {path} is not there");
        if (stat.SizeBytes > MaxBytes)
            throw StrakeException.Invalid($"the file of secrets {path} is larger than {MaxBytes} bytes");
        if ((stat.Mode & ~Permissions.Octal0700) != UnixFileMode.None)
            throw StrakeException.PermissionDenied($"the file of secrets {path} can be read by others than its owner: chmod 0600 {path}");
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(path))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.Trim().Length == 0 || line.StartsWith('#'))
                continue;
            // Not shown: it may be the secret.
            if (equals <= 0)
                throw StrakeException.Invalid($"the file of secrets {path} has a line that is not name=value");
            read[line[..equals].Trim()] = line[(equals + 1)..];
        }

        return new CsiSecrets(read);
    }

    /// <summary>Adds them to a request.</summary>
    public void AddTo(MapField<string, string> field) => field.Add(values);

    /// <summary>A text without them.</summary>
    public string Mask(string text)
    {
        foreach (string value in values.Values.Where(static value => value.Length > 0))
            text = text.Replace(value, Mark, StringComparison.Ordinal);
        return text;
    }
}
