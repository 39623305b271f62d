namespace Strake.Volumes;

/// <summary>A driver that can change parameters of volumes that are there.</summary>
public interface IModifiableVolumeDriver : IVolumeDriver
{
    /// <summary>Changes parameters of a volume, mounted or not; those that are not named stay. Idempotent.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="parameters">Names and values, as the driver knows them.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">NotSupported: the driver changes none. Else in the driver's words.</exception>
    Task ModifyAsync(VolumeName name, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken);
}
