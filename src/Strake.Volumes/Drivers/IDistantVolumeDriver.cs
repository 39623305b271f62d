namespace Strake.Volumes;

/// <summary>
/// A driver that is reached over a wire: it may be slow, and it may be away. The engine's start waits for nothing of it; what was left
/// unfinished with its volumes is finished when the engine is up.
/// </summary>
public interface IDistantVolumeDriver : IVolumeDriver
{
    /// <summary>Lets go of a volume's name where the driver does not let go of the volume. Nothing is asked of the driver now.</summary>
    /// <param name="name">The volume; one that is not known is let go of already.</param>
    Task ForgetAsync(VolumeName name) => Task.CompletedTask;
}
