using System.Globalization;
using Strake.Csi;
using Strake.Grpc;
using Strake.Linux;

namespace Strake.EndToEnd.Tests.Csi;

/// <summary>
/// The driver is killed at each write boundary of a volume's whole life, one after the other, and its caller does what an orchestrator does:
/// repeats the call. Nothing is lost, nothing is there twice, and nothing is left at the end.
/// </summary>
public sealed class CsiDeathTests
{
    const long Size = 8L << 20;

    // Every third step, all where STRAKE_TEST_FACTOR asks for more.
    static readonly int s_stride = Environment.GetEnvironmentVariable("STRAKE_TEST_FACTOR") is { Length: > 0 } ? 1 : 3;

    [Theory]
    [InlineData("image")]
    [InlineData("block")]
    public async Task A_volume_lives_through_a_death_at_any_step(string kind)
    {
        var step = 1;
        for (; step < 1000; step += s_stride)
        {
            await using var process = await CsiProcess.PrepareAsync();
            await process.StartAsync(new Dictionary<string, string> { ["STRAKE_FAULT"] = "#" + step.ToString(CultureInfo.InvariantCulture) });
            var died = await new Life(process, kind).LiveAsync();
            if (!died) break;
        }

        Assert.InRange(step, 20, 999);
    }

    sealed class Life(CsiProcess process, string kind)
    {
        bool died;

        bool IsBlock => kind == "block";

        public async Task<bool> LiveAsync()
        {
            var data = Order("data");
            var volume = (await CallAsync(ControllerMethods.CreateVolume, data)).Volume;
            var place = await PublishAsync(volume, "place");
            await WriteAsync(place, "before");
            var snapshotOrder = new CreateSnapshotRequest { Name = "snapshot", SourceVolumeId = volume.VolumeId };
            if (kind != "image") await UnpublishAsync(volume, place);
            var snapshot = (await CallAsync(ControllerMethods.CreateSnapshot, snapshotOrder)).Snapshot;
            if (kind != "image") await PublishAsync(volume, "place");
            await WriteAsync(place, "after");
            if (kind != "dir")
                Assert.InRange((await CallAsync(ControllerMethods.ControllerExpandVolume, new() { VolumeId = volume.VolumeId, CapacityRange = new() { RequiredBytes = 2 * Size } })).CapacityBytes, 2 * Size, long.MaxValue);

            var restore = Order("restored");
            restore.VolumeContentSource = new() { Snapshot = new() { SnapshotId = snapshot.SnapshotId } };
            var restored = (await CallAsync(ControllerMethods.CreateVolume, restore)).Volume;
            var second = await PublishAsync(restored, "second");
            Assert.Equal("before", await ReadAsync(second));
            Assert.Equal("after", await ReadAsync(place));
            Assert.Equal(["data", "restored"], (await CallAsync(ControllerMethods.ListVolumes, new())).Entries.Select(static entry => entry.Volume.VolumeId).Order());

            await UnpublishAsync(volume, place);
            await UnpublishAsync(restored, second);
            await CallAsync(ControllerMethods.DeleteSnapshot, new() { SnapshotId = snapshot.SnapshotId });
            await CallAsync(ControllerMethods.DeleteVolume, new() { VolumeId = volume.VolumeId });
            await CallAsync(ControllerMethods.DeleteVolume, new() { VolumeId = restored.VolumeId });
            Assert.Empty((await CallAsync(ControllerMethods.ListVolumes, new())).Entries);
            Assert.Empty((await CallAsync(ControllerMethods.ListSnapshots, new())).Entries);
            Assert.Empty(Directory.EnumerateFileSystemEntries(process.Volumes));
            Assert.Empty(Directory.EnumerateFileSystemEntries(process.Places));
            return died;
        }

        // As an orchestrator: where the driver is gone, it is started again, and the same call made once more.
        async Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
            where TRequest : class
            where TResponse : class
        {
            for (var attempt = 0; ; attempt++)
            {
                if (!process.IsUp) await RestartAsync();
                try
                {
                    using var channel = GrpcChannel.To(process.Address, new GrpcChannelOptions());
                    return await channel.CallAsync(method, request, new GrpcCallOptions { Timeout = TimeSpan.FromMinutes(1) }, CancellationToken.None);
                }
                catch (GrpcException gone) when (gone.Code is GrpcStatusCode.Unavailable or GrpcStatusCode.Internal or GrpcStatusCode.Cancelled && !died && attempt == 0)
                {
                    await process.DiesAsync();
                    await RestartAsync();
                }
            }
        }

        async Task RestartAsync()
        {
            Assert.False(died, "the driver died twice");
            died = true;
            await process.StartAsync();
        }

        async Task<string> PublishAsync(Volume volume, string name)
        {
            var place = Path.Combine(process.Places, name);
            await CallAsync(NodeMethods.NodePublishVolume, new() { VolumeId = volume.VolumeId, TargetPath = place, VolumeCapability = Capability() });
            Assert.Single(MountTable.Read(), mount => mount.MountPoint == place);
            return place;
        }

        async Task UnpublishAsync(Volume volume, string place)
        {
            await CallAsync(NodeMethods.NodeUnpublishVolume, new() { VolumeId = volume.VolumeId, TargetPath = place });
            Assert.False(Path.Exists(place));
        }

        CreateVolumeRequest Order(string name)
        {
            var order = new CreateVolumeRequest { Name = name, VolumeCapabilities = { Capability() } };
            if (kind != "dir") order.CapacityRange = new() { RequiredBytes = Size };
            if (!IsBlock) order.Parameters["backend"] = kind;
            return order;
        }

        VolumeCapability Capability()
        {
            var capability = new VolumeCapability { AccessMode = new() { Mode = VolumeCapability.Types.AccessMode.Types.Mode.SingleNodeWriter } };
            if (IsBlock) capability.Block = new();
            else capability.Mount = new();
            return capability;
        }

        async Task WriteAsync(string place, string text)
        {
            await using var file = new FileStream(IsBlock ? place : Path.Combine(place, "file"), IsBlock ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            var block = new byte[4096];
            System.Text.Encoding.UTF8.GetBytes(text, block);
            await file.WriteAsync(block);
            Syscall.FSync(file.SafeFileHandle);
        }

        async Task<string> ReadAsync(string place)
        {
            await using var file = new FileStream(IsBlock ? place : Path.Combine(place, "file"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var block = new byte[4096];
            await file.ReadExactlyAsync(block);
            return System.Text.Encoding.UTF8.GetString(block).TrimEnd('\0');
        }
    }
}
