using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>A thin device of a pool: what is recorded of it in its layer's folder, before it is made and until it is gone.</summary>
/// <param name="Number">By which the pool knows it; 24 bits.</param>
/// <param name="Sectors">How long it is; a pool does not know that.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct ThinDevice(int Number, long Sectors)
{
    // dm-thin's MAX_DEV_ID.
    const int Numbers = 1 << 24;

    const string FileName = "thin";

    /// <summary>One of a length, with a number by chance.</summary>
    public static ThinDevice New(long sectors) => new(RandomNumberGenerator.GetInt32(1, Numbers), sectors);

    /// <summary>The one of a folder; null where there is none.</summary>
    /// <exception cref="StrakeException">DataLoss: what is recorded is none.</exception>
    public static ThinDevice? TryRead(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!LayerFolders.Exists(path)) return null;
        var parts = File.ReadAllText(path).Split(' ');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sectors)
            ? new(number, sectors)
            : throw StrakeException.DataLoss($"devicemapper: {path} does not say which device the layer is");
    }

    /// <summary>Records it in a folder; on disk on return.</summary>
    public void Write(string folder) =>
        DurableFile.Write(Path.Combine(folder, FileName), Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Number} {Sectors}")), Permissions.Octal0600);
}
