using System.Security.Cryptography;
using System.Text;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>Tries a dataset, its snapshot and a clone where layers are to be. Nothing is left, also of a try that a crash cut short.</summary>
static class ZfsProbe
{
    /// <summary>Tries it once.</summary>
    /// <param name="home">The driver's directory.</param>
    /// <param name="parent">The dataset below which layers are made; null: the one that the directory is on.</param>
    /// <param name="properties">What layers' datasets are made with.</param>
    /// <returns>The datasets.</returns>
    /// <exception cref="StrakeException">Unavailable: it does not work here; says what and the way out.</exception>
    public static ZfsDatasets Run(string home, string? parent, IReadOnlyList<string> properties)
    {
        if (!File.Exists("/dev/zfs")) throw StrakeException.Unavailable("zfs: this kernel has no ZFS: load its module, or choose another storage driver");
        if (HostProgram.Find("zfs") is null) throw StrakeException.Unavailable("zfs: the program zfs is not installed (package zfsutils-linux)");
        var name = parent ?? DatasetOf(home);
        // Two daemons may have one parent.
        var tried = $"{name}/probe-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(home)))[..16]}";
        var copied = tried + "-copy";
        var datasets = new ZfsDatasets(name);
        try
        {
            datasets.Destroy(copied);
            datasets.Destroy(tried);
            datasets.Create(tried, properties);
            datasets.Clone(tried, copied, properties);
            return datasets;
        }
        catch (StrakeException e)
        {
            throw StrakeException.Unavailable($"zfs: cannot make datasets below {name}: {e.Message}; name one with zfs.fsname, or choose another storage driver", e);
        }
        finally
        {
            datasets.Destroy(copied);
            datasets.Destroy(tried);
        }
    }

    static string DatasetOf(string home)
    {
        if (FileSystem.TypeOf(home) is var type && type is not "zfs")
            throw StrakeException.Unavailable($"zfs: {home} is on {type}; put the data root on a ZFS, name a dataset with zfs.fsname, or choose another storage driver");
        return MountTable.Holding(home).Source;
    }
}
