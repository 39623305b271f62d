using System.Globalization;
using System.Runtime.InteropServices;

namespace Strake.Daemon.Server;

/// <summary>A version of the Docker Engine API, as the first segment of a path names it: <c>/v1.51/…</c>.</summary>
/// <param name="Major">Left of the dot; 1 since ever.</param>
/// <param name="Minor">Right of the dot.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct ApiVersion(int Major, int Minor) : IComparable<ApiVersion>
{
    /// <summary>The oldest that is served: Docker 1.12.</summary>
    public static ApiVersion Oldest { get; } = new(1, 24);

    /// <summary>The newest that is served, and what a path without a version means: Docker 28.5.</summary>
    public static ApiVersion Newest { get; } = new(1, 51);

    /// <summary>Reads a path's segment.</summary>
    /// <param name="segment">The segment without slashes: <c>v1.51</c>.</param>
    /// <param name="version">The version; unusable when there is none.</param>
    /// <returns>Whether the segment has the form of a version; served or not.</returns>
    public static bool TryParseSegment(ReadOnlySpan<char> segment, out ApiVersion version)
    {
        version = default;
        if (segment.Length < 4 || segment[0] != 'v') return false;
        int dot = segment.IndexOf('.');
        if (dot < 2 || !TryNumber(segment[1..dot], out int major) || !TryNumber(segment[(dot + 1)..], out int minor)) return false;
        version = new(major, minor);
        return true;
    }

    static bool TryNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <inheritdoc/>
    public int CompareTo(ApiVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public static bool operator <(ApiVersion left, ApiVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(ApiVersion left, ApiVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(ApiVersion left, ApiVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ApiVersion left, ApiVersion right) => left.CompareTo(right) >= 0;

    /// <summary>As the API writes it: <c>1.51</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
