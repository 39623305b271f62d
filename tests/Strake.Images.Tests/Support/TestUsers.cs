namespace Strake.Images.Tests;

/// <summary>Containers of images, as a test wants them.</summary>
sealed class TestUsers : IImageUsers
{
    readonly List<(ImageId Image, ImageUser User)> _users = [];

    public void Add(ImageId image, string containerId, bool isRunning) => _users.Add((image, new ImageUser(containerId, isRunning)));

    public ValueTask<IReadOnlyList<ImageUser>> UsersOfAsync(ImageId image, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<ImageUser>>([.. _users.Where(u => u.Image == image).Select(u => u.User)]);
}
