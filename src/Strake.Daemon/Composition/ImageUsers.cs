using Strake.Containers;
using Strake.Images;

namespace Strake.Daemon.Composition;

/// <summary>Tells the image store which containers use an image. Images know nothing of containers, which are opened after them.</summary>
sealed class ImageUsers : IImageUsers
{
    /// <summary>The containers, once they are open; before that nothing can ask, for nothing is served.</summary>
    public ContainerEngine? Containers { get; set; }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ImageUser>> UsersOfAsync(ImageId image, CancellationToken cancellationToken)
    {
        ContainerEngine containers = Containers ?? throw new InvalidOperationException("images were asked for their users before containers were open");
        IReadOnlyList<Container> uses = await containers.UsesOfImageAsync(image, cancellationToken);
        return [.. uses.Select(container => new ImageUser(container.Id, container.State.IsRunning))];
    }
}
