namespace Strake.Build.Tests.Remote;

public class FolderBoundTests
{
    [Fact]
    public async Task Work_that_fills_a_folder_beyond_the_bound_is_ended()
    {
        var folder = Directory.CreateTempSubdirectory("strake-test-").FullName;
        var error = await Assert.ThrowsAsync<StrakeException>(() => FolderBound.RunAsync(folder, most: 10, "it", TimeProvider.System, FillAsync, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorKind.TooLarge, error.Kind);
        Directory.Delete(folder, recursive: true);

        async Task FillAsync(CancellationToken stop)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "f"), new byte[11], stop);
            await new TaskCompletionSource().Task.WaitAsync(stop);
        }
    }
}
