namespace Strake.Kubernetes.Pods;

/// <summary>How pods get volumes that a CSI driver makes for them alone: <c>csi</c> among a pod's volumes.</summary>
/// <remarks>
/// Laws: both calls may be repeated, and after a kill of either side end as if they had run once. Who publishes writes down what beforehand: nobody else knows of the
/// volume.
/// </remarks>
/// <example>
/// <code>
/// await inline.PublishAsync(new InlineVolume("secrets.csi.example", "csi-0123", "/…/mount"), ct);
/// …                                                                       // bind /…/mount into the containers
/// await inline.UnpublishAsync("secrets.csi.example", "csi-0123", "/…/mount", ct);
/// </code>
/// </example>
public interface IInlineVolumes
{
    /// <summary>Has a driver make a volume.</summary>
    /// <param name="volume">Which, and where.</param>
    /// <param name="cancellationToken">Cancels the wait; what was begun is ended by <see cref="UnpublishAsync"/>.</param>
    /// <returns>Whether its files belong to the group that was asked for.</returns>
    /// <exception cref="StrakeException">NotFound: no such driver. Others: it was not made; the message is for users.</exception>
    Task<bool> PublishAsync(InlineVolume volume, CancellationToken cancellationToken);

    /// <summary>Has it removed; of one that is not there, nothing.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="handle">The volume's name there.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StrakeException">Of any kind: it is there still.</exception>
    Task UnpublishAsync(string driver, string handle, string path, CancellationToken cancellationToken);
}
