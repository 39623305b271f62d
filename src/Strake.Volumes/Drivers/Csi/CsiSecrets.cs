using Google.Protobuf.Collections;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>
/// What a driver must know and nobody else: names and values from a file, read for each operation and kept nowhere. What is told of a driver's
/// answers has them masked.
/// </summary>
/// <remarks>
/// <code>
/// name=value            for all calls
/// [provisioner]         what follows is for those calls alone: see <see cref="CsiSecretUse"/>
/// name=value
/// </code>
/// </remarks>
sealed class CsiSecrets
{
    const string Mark = "********";
    const long MaxBytes = 64 << 10;

    static readonly Dictionary<string, CsiSecretUse> s_parts = new(StringComparer.Ordinal)
    {
        ["[provisioner]"] = CsiSecretUse.Provisioner, ["[controller-publish]"] = CsiSecretUse.ControllerPublish, ["[node-stage]"] = CsiSecretUse.NodeStage,
        ["[node-publish]"] = CsiSecretUse.NodePublish, ["[controller-expand]"] = CsiSecretUse.ControllerExpand, ["[node-expand]"] = CsiSecretUse.NodeExpand,
        ["[snapshotter]"] = CsiSecretUse.Snapshotter,
    };

    readonly IReadOnlyDictionary<string, string> values;
    readonly Dictionary<CsiSecretUse, Dictionary<string, string>> parts;

    CsiSecrets(IReadOnlyDictionary<string, string> values, Dictionary<CsiSecretUse, Dictionary<string, string>> parts) => (this.values, this.parts) = (values, parts);

    /// <summary>None.</summary>
    public static CsiSecrets None { get; } = Of(new Dictionary<string, string>());

    /// <summary>Some that are known already, for all calls. Pure.</summary>
    public static CsiSecrets Of(IReadOnlyDictionary<string, string> values) => new(values, []);

    /// <summary>Reads a file of lines <c>name=value</c> and parts; empty lines and those that begin with <c>#</c> are passed over.</summary>
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
        var common = new Dictionary<string, string>(StringComparer.Ordinal);
        var told = new Dictionary<CsiSecretUse, Dictionary<string, string>>();
        Dictionary<string, string> read = common;
        foreach (string line in File.ReadLines(path))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.Trim().Length == 0 || line.StartsWith('#'))
                continue;
            if (s_parts.TryGetValue(line.Trim(), out CsiSecretUse use))
            {
                read = told.TryGetValue(use, out Dictionary<string, string>? begun) ? begun : told[use] = new(StringComparer.Ordinal);
                continue;
            }

            // Not shown: it may be the secret.
            if (equals <= 0)
                throw StrakeException.Invalid($"the file of secrets {path} has a line that is neither name=value nor one of {string.Join(", ", s_parts.Keys)}");
            read[line[..equals].Trim()] = line[(equals + 1)..];
        }

        return new CsiSecrets(common, told);
    }

    /// <summary>Those of a call: what is for all, and its own. Pure.</summary>
    public CsiSecrets For(CsiSecretUse use)
    {
        if (use is CsiSecretUse.Snapshotter && !parts.ContainsKey(use))
            use = CsiSecretUse.Provisioner;
        var its = new Dictionary<string, string>(values, StringComparer.Ordinal);
        foreach ((string name, string value) in parts.GetValueOrDefault(use) ?? [])
            its[name] = value;
        return new CsiSecrets(its, parts);
    }

    /// <summary>Adds them to a request.</summary>
    public void AddTo(MapField<string, string> field)
    {
        foreach ((string name, string value) in values)
            field[name] = value;
    }

    /// <summary>A text without them.</summary>
    public string Mask(string text)
    {
        foreach (string value in values.Values.Concat(parts.Values.SelectMany(static part => part.Values)).Where(static value => value.Length > 0))
            text = text.Replace(value, Mark, StringComparison.Ordinal);
        return text;
    }
}
