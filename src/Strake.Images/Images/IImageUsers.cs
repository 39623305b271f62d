namespace Strake.Images;

/// <summary>
/// Knows which containers use an image. The image store asks before it removes anything; images know nothing of containers.
/// </summary>
/// <example><code>
/// sealed class ContainerUsers(ContainerStore containers) : IImageUsers
/// {
///     public ValueTask&lt;IReadOnlyList&lt;ImageUser&gt;&gt; UsersOfAsync(ImageId image, CancellationToken cancellationToken) => …
/// }
/// </code></example>
public interface IImageUsers
{
    /// <summary>The containers made from <paramref name="image"/>, in any state.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    ValueTask<IReadOnlyList<ImageUser>> UsersOfAsync(ImageId image, CancellationToken cancellationToken);
}
