using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Storage;

/// <summary>Puts files into volumes that were just made.</summary>
/// <remarks>Law: a call repeated after a crash at any point ends as if it had run once; a volume has all of the files, or none.</remarks>
public interface IVolumeFiller
{
    /// <summary>Fills a volume of the engine that is empty; does nothing to one that is not. The root's owner and mode are the directory's.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="files">With what.</param>
    /// <param name="cancellationToken">Honoured before the copy begins.</param>
    /// <exception cref="StrakeException">NotFound: there is no such image, or no such directory in it. Exhausted: they do not fit. Others: the image cannot be had.</exception>
    Task FillAsync(string volume, VolumeFiles files, CancellationToken cancellationToken);
}
