using System.Globalization;
using Strake.Containers.Spec;

namespace Strake.Daemon.Composition;

/// <summary>What a storage driver is made of: the data root, and the user's <c>--storage-opt</c>.</summary>
/// <param name="DataRoot">An absolute path; exists.</param>
/// <param name="Options">Values by names such as <c>btrfs.min_space</c>.</param>
sealed record StorageSettings(string DataRoot, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>Reads <c>key=value</c> pairs; of one that is given twice the last counts.</summary>
    /// <exception cref="StrakeException">Invalid: no pair.</exception>
    public static StorageSettings Parse(string dataRoot, IReadOnlyList<string> options)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string option in options)
        {
            string[] parts = option.Split('=', 2);
            if (parts.Length != 2) throw StrakeException.Invalid($"the storage option {option} has no value");
            pairs[parts[0].Trim()] = parts[1].Trim();
        }

        return new(dataRoot, pairs);
    }

    /// <summary>An option that is a name; null where it is not given.</summary>
    /// <exception cref="StrakeException">Invalid: it is given and empty.</exception>
    public string? Text(string option) => !Options.TryGetValue(option, out string? value) || value.Length > 0
        ? value
        : throw StrakeException.Invalid($"the storage option {option} has no value");

    /// <summary>An option that is on or off; null where it is not given.</summary>
    /// <exception cref="StrakeException">Invalid: it is given and neither.</exception>
    public bool? Switch(string option) => Options.TryGetValue(option, out string? value)
        ? value switch
        {
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw StrakeException.Invalid($"the storage option {option} wants true or false, not \"{value}\""),
        }
        : null;

    /// <summary>An option that is a share of less than all, in percent, such as <c>10%</c>; null where it is not given.</summary>
    /// <exception cref="StrakeException">Invalid: it is given and none.</exception>
    public int? Percent(string option)
    {
        if (!Options.TryGetValue(option, out string? value)) return null;
        return int.TryParse(value.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out int percent) && percent < 100
            ? percent
            : throw StrakeException.Invalid($"the storage option {option} wants 0% to 99%, not \"{value}\"");
    }

    /// <summary>An option that is a size, in bytes; null where it is not given.</summary>
    /// <exception cref="StrakeException">Invalid: it is given and no size.</exception>
    public long? Size(string option)
    {
        if (!Options.TryGetValue(option, out string? value)) return null;
        return ByteSize.TryParse(value) is { } bytes and > 0
            ? bytes
            : throw StrakeException.Invalid($"the storage option {option} wants a size such as 10G, not \"{value}\"");
    }
}
