namespace Strake.Images;

/// <summary>The conflicts that force overrides. Children and running containers always count.</summary>
[Flags]
enum RemovalChecks
{
    /// <summary>Forced: none of them.</summary>
    None = 0,

    /// <summary>Names stand for the image that would go unasked.</summary>
    Names = 1,

    /// <summary>A container that does not run uses it.</summary>
    StoppedContainers = 2,

    /// <summary>Not forced: both.</summary>
    All = Names | StoppedContainers,
}
