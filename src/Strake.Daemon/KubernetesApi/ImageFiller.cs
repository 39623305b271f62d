using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Strake.Images;
using Strake.Kubernetes.Records;
using Strake.Kubernetes.Storage;
using Strake.Layers;
using Strake.Linux;
using Strake.Volumes;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Fills new volumes with directories of images.</summary>
/// <param name="images">The images.</param>
/// <param name="layers">Where their files are.</param>
/// <param name="volumes">The volumes.</param>
/// <param name="scratch">A folder for mounts, which a start of the daemon clears.</param>
sealed class ImageFiller(ImageStore images, LayerStore layers, VolumeStore volumes, string scratch) : IVolumeFiller
{
    /// <inheritdoc/>
    public async Task FillAsync(string volume, VolumeFiles files, CancellationToken cancellationToken)
    {
        Image image = await FindAsync(files, cancellationToken);
        if (image.Chain is not { } chain) throw NoSuchDirectory(files);
        string target = Path.Combine(scratch, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        Directory.CreateDirectory(target, Permissions.Octal0700);
        try
        {
            using LayerMount mount = await layers.MountAsync(chain, target, cancellationToken);
            using RootedDirectory root = RootedDirectory.Open(mount.Target, PathRule.InRoot);
            using SafeFileHandle source = root.TryOpenDirectory(PathBytes.Encode(files.Path)) ?? throw NoSuchDirectory(files);
            await volumes.Uses.FillAsync(volume, source, cancellationToken);
        }
        finally
        {
            TreeRemoval.Remove(target);
        }
    }

    async Task<Image> FindAsync(VolumeFiles files, CancellationToken cancellationToken)
    {
        Image? known = await images.FindAsync(files.Image, cancellationToken);
        if (known is not null && files.PullPolicy is not "Always") return known;
        if (files.PullPolicy is "Never") throw StrakeException.NotFound($"image \"{files.Image}\" is not present with pull policy of Never");
        await images.PullAsync(new PullRequest(ImageReference.Parse(files.Image).OrLatest()), new Progress<TransferProgress>(), cancellationToken);
        return await images.FindAsync(files.Image, cancellationToken) ?? throw StrakeException.NotFound($"image \"{files.Image}\" was removed while it was pulled");
    }

    static StrakeException NoSuchDirectory(VolumeFiles files) => StrakeException.NotFound($"image \"{files.Image}\" has no directory {files.Path}");
}
