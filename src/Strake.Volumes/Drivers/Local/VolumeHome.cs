using System.Security.Cryptography;
using System.Text;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>Where one volume of the driver <c>local</c> lies.</summary>
/// <remarks>
/// <code>
/// &lt;root&gt;/&lt;name&gt;/         0701
///   _data                 the content, or where it is mounted; owner and mode are whatever its users make of them
///   _filling[.whole]      a copy of an image's files that is being made, or moved into the content
///   options.json          what the volume was asked to be; not there where nothing was asked
///   image[.making]        the content's file system, where the backend is <c>image</c>
///   snapshots/, rollback… see <see cref="LocalCopies"/>
/// </code>
/// In a volume that is a file system of its own, the copy is made in <c>_data/.strake-filling[.whole]</c> instead: only there can it be
/// moved into place by renaming.
/// </remarks>
/// <param name="Directory">The volume's own directory.</param>
sealed record VolumeHome(string Directory)
{
    const string RemovingPrefix = ".removing.";
    const string MakingPrefix = ".making.";
    const string ContentName = "_data";
    const string OptionsName = "options.json";
    const string ImageName = "image";

    /// <summary>The home of a volume.</summary>
    public static VolumeHome Of(string root, VolumeName name) => new(Path.Combine(root, name.ToString()));

    /// <summary>The directory that a volume's becomes when it is removed: no volume can have such a name; a hash, for with a prefix a name may be too long.</summary>
    public static VolumeHome RemovingOf(string root, VolumeName name) => new(Path.Combine(root, RemovingPrefix + HashOf(name)));

    /// <summary>Where a volume that is a copy of another is made.</summary>
    public static VolumeHome MakingOf(string root, VolumeName name) => new(Path.Combine(root, MakingPrefix + HashOf(name)));

    /// <summary>Makes a volume's directory, or a copy's, where it is not there.</summary>
    public static void Make(string directory)
    {
        const UnixFileMode passable = Permissions.Octal0700 | UnixFileMode.OtherExecute;
        // The process's umask takes bits from a mode that is asked for.
        if (Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(directory), passable))
            Syscall.ChmodAt(Syscall.WorkingDirectory, directory, passable);
    }

    /// <summary>What a volume consists of, as far as a rollback replaces it: where it is, where its copy, and where it goes.</summary>
    public static IEnumerable<(string Own, string Copy, string Old)> PartsOf(VolumeHome own, VolumeHome copy, VolumeHome old) =>
        from name in new[] { ContentName, ImageName, OptionsName }
        select (Path.Combine(own.Directory, name), Path.Combine(copy.Directory, name), Path.Combine(old.Directory, name));

    /// <summary>The content.</summary>
    public string Content => Path.Combine(Directory, ContentName);

    /// <summary>The content's name in <see cref="Directory"/>.</summary>
    public static ReadOnlySpan<byte> ContentBytes => "_data"u8;

    /// <summary>The file of options.</summary>
    public string Options => Path.Combine(Directory, OptionsName);

    /// <summary>The image of the file system.</summary>
    public string Image => Path.Combine(Directory, ImageName);

    /// <summary>The folder of its snapshots.</summary>
    public string Snapshots => Path.Combine(Directory, "snapshots");

    /// <summary>A snapshot that is being made.</summary>
    public VolumeHome SnapshotInMaking => new(Path.Combine(Snapshots, ".making"));

    /// <summary>A snapshot that is being removed.</summary>
    public VolumeHome SnapshotInRemoval => new(Path.Combine(Snapshots, ".removing"));

    /// <summary>An old content on its way back.</summary>
    public VolumeHome RollbackInMaking => new(Path.Combine(Directory, "rollback.making"));

    /// <summary>An old content that is to take the place of what there is.</summary>
    public VolumeHome Rollback => new(Path.Combine(Directory, "rollback"));

    /// <summary>What a rollback replaces.</summary>
    public VolumeHome RollbackOld => new(Path.Combine(Directory, "rollback.old"));

    /// <summary>A snapshot.</summary>
    public VolumeHome SnapshotOf(SnapshotName name) => new(Path.Combine(Snapshots, name.ToString()));

    /// <summary>Where a copy of an image's files is made.</summary>
    public string Staging => IsMounted ? Path.Combine(Content, VolumeContent.StagingInside) : Path.Combine(Directory, "_filling");

    /// <summary>Whether something is mounted at the content's place.</summary>
    public bool IsMounted => MountTable.IsMountPoint(Content);

    static string HashOf(VolumeName name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(name.ToString())));
}
