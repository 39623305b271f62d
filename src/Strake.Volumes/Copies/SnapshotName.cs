using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Strake.Volumes;

/// <summary>A snapshot's name, unique within its volume: the letters that a volume's name may have.</summary>
public readonly record struct SnapshotName
{
    readonly string? text;

    SnapshotName(string text) => this.text = text;

    /// <summary>The name of a snapshot that nobody named: when it was made, such as <c>2026-03-01-14.05.09</c>.</summary>
    public static SnapshotName At(DateTimeOffset time) => new(time.UtcDateTime.ToString("yyyy-MM-dd-HH.mm.ss", CultureInfo.InvariantCulture));

    /// <summary>Parses what a user wrote or a directory is called.</summary>
    /// <param name="text">The candidate.</param>
    /// <param name="name">The name; unusable when the text is none.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out SnapshotName name)
    {
        bool valid = VolumeName.TryParse(text, out _);
        name = valid ? new SnapshotName(text!) : default;
        return valid;
    }

    /// <summary>Parses a name that a user gave.</summary>
    /// <param name="text">The candidate.</param>
    /// <exception cref="StrakeException">Invalid: the text may not name a snapshot; says what may.</exception>
    public static SnapshotName Parse(string text) => TryParse(text, out SnapshotName name)
        ? name
        : throw StrakeException.Invalid($"\"{text}\" cannot name a snapshot: 2 to 255 characters of [a-zA-Z0-9_.-] are allowed, the first a letter or digit");

    /// <summary>The name.</summary>
    public override string ToString() => text ?? throw new InvalidOperationException("An uninitialised snapshot name was used.");
}
