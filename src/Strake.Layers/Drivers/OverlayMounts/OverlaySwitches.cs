using System.Text;
using Strake.Layers.Archive.Paths;

namespace Strake.Layers;

/// <summary>
/// The features of overlayfs that a kernel may have on by default (<c>/sys/module/overlay/parameters</c>, CONFIG_OVERLAY_FS_*) and that
/// do not go with layers read without a mount: then each mount says that it does not want them.
/// </summary>
static class OverlaySwitches
{
    const string Parameters = "/sys/module/overlay/parameters";

    // index: lower directories shared by mounts, or a layer that was copied, make mounts fail with ESTALE or EBUSY.
    // nfs_export: needs index, and complains without it.
    // metacopy and redirect_dir: a changed file or a renamed directory is then only referred to in the upper directory, which a layer
    // read without its parents could not follow.
    static readonly string[] Unwanted = ["nfs_export", "index", "metacopy", "redirect_dir"];

    // With userxattr the kernel has the other two off, and refuses to be told so.
    static readonly string[] UnwantedAnyway = ["nfs_export", "index"];

    /// <summary>The options to add; empty on a kernel whose defaults suit.</summary>
    public static string Read() => (OverlayXattrs.AreUsers ? ",userxattr" : "") + Read(OverlayXattrs.AreUsers ? UnwantedAnyway : Unwanted);

    /// <summary>As the other, for a mount that only shows layers which refer to contents elsewhere, and so wants two of the features.</summary>
    public static string ReadForReferences() => ",metacopy=on,redirect_dir=follow" + Read(["nfs_export", "index"]);

    static string Read(IEnumerable<string> unwanted)
    {
        var switches = new StringBuilder();
        foreach (var name in unwanted)
        {
            if (IsOn(Path.Combine(Parameters, name))) switches.Append(',').Append(name).Append("=off");
        }

        return switches.ToString();
    }

    // No such file: the feature is newer than the kernel, or the module is not loaded yet.
    static bool IsOn(string path) => File.Exists(path) && File.ReadAllText(path).StartsWith('Y');
}
