using Strake.Kubernetes.Pods;
using Strake.Volumes;

namespace Strake.Kubernetes.Storage;

/// <summary>Pods' own volumes at the engine's CSI drivers.</summary>
/// <param name="csi">The drivers; null: none.</param>
sealed class InlineVolumes(CsiDrivers? csi) : IInlineVolumes
{
    /// <inheritdoc/>
    public async Task<bool> PublishAsync(InlineVolume volume, CancellationToken cancellationToken) =>
        await (await DriverAsync(volume.Driver, cancellationToken)).PublishInlineAsync(
            new CsiInlineVolume(volume.Handle, volume.Path)
            {
                FsType = volume.FsType,
                IsReadOnly = volume.ReadOnly,
                Group = volume.Group,
                Context = volume.Attributes.ToDictionary(StringComparer.Ordinal),
                Secrets = volume.Secrets.ToDictionary(StringComparer.Ordinal),
            },
            cancellationToken);

    /// <inheritdoc/>
    public async Task UnpublishAsync(string driver, string handle, string path, CancellationToken cancellationToken) =>
        await (await DriverAsync(driver, cancellationToken)).UnpublishInlineAsync(handle, path, cancellationToken);

    async Task<CsiVolumeDriver> DriverAsync(string name, CancellationToken cancellationToken) =>
        csi is not null && await csi.FindAsync(name, cancellationToken) is { } driver
            ? driver
            : throw StrakeException.NotFound($"driver name {name} not found in the list of registered CSI drivers");
}
