using System.Globalization;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>How a thin pool says that it is: Documentation/admin-guide/device-mapper/thin-provisioning.rst, "Status". Parsing is pure.</summary>
/// <param name="UsedMetadata">Blocks of its own records that are taken; of 4 KiB.</param>
/// <param name="TotalMetadata">All of them.</param>
/// <param name="UsedData">Blocks of data that are taken; of the pool's block size.</param>
/// <param name="TotalData">All of them.</param>
/// <param name="Fault">What is wrong with it; null: nothing.</param>
/// <param name="FailsWhenFull">Whether writes fail when it is full; otherwise they wait a minute for someone to enlarge it.</param>
sealed record ThinPoolStatus(long UsedMetadata, long TotalMetadata, long UsedData, long TotalData, string? Fault, bool FailsWhenFull)
{
    /// <summary>How much is free of that of which less is; percent.</summary>
    public long FreePercent => Math.Min(Free(UsedMetadata, TotalMetadata), Free(UsedData, TotalData));

    // 0 141/2048 13/1600 - rw discard_passdown error_if_no_space - 1024
    // (1) (2)     (3)   (4)(5)      (6)             (7)         (8) (9)
    //
    // (1) transaction  (2) used/all of metadata  (3) used/all of data  (4) held metadata root  (5) rw, ro, out_of_data_space
    // (6) discard_passdown, no_discard_passdown, ignore_discard  (7) error_if_no_space, queue_if_no_space  (8) needs_check or -  (9) threshold
    // Or one word: Fail, Error.
    /// <summary>The status of a text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ThinPoolStatus Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is ["Fail"] or ["Error"]) return new(0, 0, 0, 0, "the kernel has given it up: see its log, and repair it with thin_repair", FailsWhenFull: true);
        if (fields.Length < 8) throw new FormatException($"\"{text}\" is no status of a thin pool");
        var (usedMetadata, totalMetadata) = Share(fields[1]);
        var (usedData, totalData) = Share(fields[2]);
        return new(usedMetadata, totalMetadata, usedData, totalData, FaultOf(fields), fields.Contains("error_if_no_space"));
    }

    static string? FaultOf(string[] fields)
    {
        if (fields.Contains("needs_check")) return "its records must be checked: take it down and run thin_check or thin_repair";
        return fields[4] is "ro" ? "it can only be read: see the kernel's log" : null;
    }

    static (long Used, long Total) Share(string field)
    {
        var slash = field.IndexOf('/');
        if (slash < 0) throw new FormatException($"\"{field}\" is no share");
        return (Number(field.AsSpan(0, slash)), Number(field.AsSpan(slash + 1)));
    }

    static long Number(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    static long Free(long used, long total) => total == 0 ? 0 : (total - used) * 100 / total;
}
