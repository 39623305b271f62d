using System.Text;
using Strake.Grpc;

namespace Strake.Csi;

/// <summary>Checks of what a call's fields must be, whatever the driver: there, and within the interface's sizes.</summary>
/// <remarks>spec.md, "Size Limits": 128 bytes for a string, 4 KiB for a map, 256 bytes for a node's id, unless a field says otherwise.</remarks>
public static class CsiFields
{
    /// <summary>The most that a string may have, in bytes of UTF-8.</summary>
    public const int MaxStringBytes = 128;

    /// <summary>The most that a map may have, in bytes of UTF-8 of all its keys and values.</summary>
    public const int MaxMapBytes = 4096;

    /// <summary>The most that a node's id may have, in bytes of UTF-8.</summary>
    public const int MaxNodeIdBytes = 256;

    /// <summary>The most that a path may have, in bytes of UTF-8: the kernel's <c>PATH_MAX</c>.</summary>
    public const int MaxPathBytes = 4095;

    /// <summary>A field that must be there.</summary>
    /// <param name="field">The field as the interface calls it.</param>
    /// <param name="value">Its value.</param>
    /// <param name="maxBytes">The most that it may have.</param>
    /// <exception cref="GrpcException">InvalidArgument: it is empty, or too long, or has control characters.</exception>
    public static string Required(string field, string value, int maxBytes = MaxStringBytes) =>
        value.Length > 0 ? Bounded(field, value, maxBytes) : throw Missing(field);

    /// <summary>A field that may be empty.</summary>
    /// <inheritdoc cref="Required(string, string, int)"/>
    public static string Bounded(string field, string value, int maxBytes = MaxStringBytes) =>
        Encoding.UTF8.GetByteCount(value) > maxBytes ? throw Invalid($"{field} is longer than {maxBytes} bytes")
        : value.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0 ? throw Invalid($"{field} has control characters")
        : value;

    /// <summary>A message that must be there.</summary>
    /// <param name="field">The field as the interface calls it.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="GrpcException">InvalidArgument: it is not.</exception>
    public static T Present<T>(string field, T? value)
        where T : class => value ?? throw Missing(field);

    /// <summary>A path of the host.</summary>
    /// <param name="field">The field as the interface calls it.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="GrpcException">InvalidArgument: it is missing, too long, or not absolute.</exception>
    public static string Path(string field, string value) =>
        Required(field, value, MaxPathBytes).StartsWith('/') ? value : throw Invalid($"{field} '{value}' is not an absolute path");

    /// <summary>A map.</summary>
    /// <param name="field">The field as the interface calls it.</param>
    /// <param name="map">Its value.</param>
    /// <exception cref="GrpcException">InvalidArgument: it is too large.</exception>
    public static IReadOnlyDictionary<string, string> Map(string field, IDictionary<string, string> map)
    {
        int bytes = map.Sum(static entry => Encoding.UTF8.GetByteCount(entry.Key) + Encoding.UTF8.GetByteCount(entry.Value));
        return bytes <= MaxMapBytes ? new Dictionary<string, string>(map, StringComparer.Ordinal) : throw Invalid($"{field} is larger than {MaxMapBytes} bytes");
    }

    /// <summary>What a range of sizes asks for.</summary>
    /// <param name="range">The range; null: nothing.</param>
    /// <returns>The least and the most, in bytes; 0: whatever.</returns>
    /// <exception cref="GrpcException">InvalidArgument: one is negative. OutOfRange: nothing is in the range.</exception>
    public static (long Required, long Limit) Range(CapacityRange? range)
    {
        (long required, long limit) = (range?.RequiredBytes ?? 0, range?.LimitBytes ?? 0);
        if (required < 0 || limit < 0) throw Invalid($"capacity_range has a negative size: {required} to {limit}");
        return limit > 0 && required > limit
            ? throw new GrpcException(GrpcStatusCode.OutOfRange, $"capacity_range asks for at least {required} bytes, and for at most {limit}")
            : (required, limit);
    }

    /// <summary>A capability that must be there, with an access type and an access mode.</summary>
    /// <param name="field">The field as the interface calls it.</param>
    /// <param name="capability">Its value.</param>
    /// <exception cref="GrpcException">InvalidArgument: it, its type or its mode is missing, or it is too large.</exception>
    public static VolumeCapability Capability(string field, VolumeCapability? capability)
    {
        VolumeCapability given = Present(field, capability);
        if (given.AccessTypeCase is VolumeCapability.AccessTypeOneofCase.None) throw Missing($"{field}.access_type");
        if (given.AccessMode is null || given.AccessMode.Mode is VolumeCapability.Types.AccessMode.Types.Mode.Unknown) throw Missing($"{field}.access_mode");
        if (given.Mount is not { } mount) return given;
        Bounded($"{field}.mount.fs_type", mount.FsType);
        Bounded($"{field}.mount.volume_mount_group", mount.VolumeMountGroup);
        return mount.MountFlags.Sum(static flag => Encoding.UTF8.GetByteCount(flag)) <= MaxMapBytes ? given : throw Invalid($"{field}.mount.mount_flags is larger than {MaxMapBytes} bytes");
    }

    static GrpcException Missing(string field) => Invalid($"{field} is missing");

    static GrpcException Invalid(string message) => new(GrpcStatusCode.InvalidArgument, message);
}
