using System.Diagnostics;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Controllers;

public sealed class BindingControllerTests
{
    readonly BindingWorkshop workshop = new();

    [Fact]
    public async Task A_claim_and_a_volume_find_each_other()
    {
        workshop.PutVolume("v", "\"persistentVolumeReclaimPolicy\":\"Retain\",\"storageClassName\":\"\"");
        workshop.PutClaim("c", "\"storageClassName\":\"\"");
        await workshop.RunUntilAsync(() => workshop.AreBound(1));
        PersistentVolume volume = Assert.Single(workshop.Store.Volumes());
        Assert.Equal(new ClaimReference("default", "c", "uid-c"), volume.ClaimReference);
        Assert.Equal("hostPath", volume.Source.Type);
    }

    [Fact]
    public async Task A_claim_that_waits_is_told_why_and_bound_when_a_volume_comes()
    {
        workshop.PutClaim("c", "\"storageClassName\":\"\"");
        workshop.PutVolume("other", "\"storageClassName\":\"gold\"");
        await workshop.RunUntilAsync(() => workshop.Events.Any(static item => item.Text.Message == "other: its class is \"gold\", the claim's is \"\""));
        Assert.True(workshop.WasTold("FailedBinding"));
        Task run = workshop.RunUntilAsync(() => workshop.AreBound(1));
        workshop.PutVolume("v", "\"storageClassName\":\"\"");
        await run;
    }

    [Fact]
    public async Task A_volume_is_made_for_a_claim_and_deleted_with_it()
    {
        workshop.PutClass("gold");
        workshop.PutClaim("c", "\"storageClassName\":\"gold\"");
        await workshop.RunUntilAsync(() => workshop.AreBound(1));
        Assert.Equal(["pvc-uid-c"], workshop.Maker.Storage);
        Assert.True(workshop.WasTold("ProvisioningSucceeded"));

        workshop.Store.Remove(ObjectId.Claim(new ObjectKey("default", "c")));
        await workshop.RunUntilAsync(() => workshop.Store.Volumes().Count == 0);
        Assert.Empty(workshop.Maker.Storage);
    }

    [Fact]
    public async Task A_claim_that_goes_while_its_volume_is_made_leaves_nothing()
    {
        workshop.PutClass("gold");
        workshop.PutClaim("c", "\"storageClassName\":\"gold\"");
        workshop.Maker.Making = _ => workshop.Store.Remove(ObjectId.Claim(new ObjectKey("default", "c")));
        await workshop.RunUntilAsync(() => workshop.WasTold("ProvisioningSucceeded") && workshop.Store.Volumes().Count == 0);
        Assert.Empty(workshop.Maker.Storage);
    }

    [Fact]
    public async Task A_claim_that_is_deleted_after_a_crash_amid_the_making_of_its_volume_leaves_nothing()
    {
        workshop.PutClass("gold");
        workshop.PutClaim("c", "\"storageClassName\":\"gold\"");
        workshop.Store.DiesAfter = 1;
        workshop.Maker.Making = _ => workshop.Wake();
        await workshop.RunUntilAsync(() => workshop.Maker.Storage.Count > 0);
        Assert.Equal(["pvc-uid-c"], workshop.Maker.Storage);
        Assert.Empty(workshop.Store.Volumes());

        workshop.Store.DiesAfter = int.MaxValue;
        workshop.Store.Delete(ObjectId.Claim(new ObjectKey("default", "c")));
        await workshop.RunUntilAsync(() => workshop.Store.Claims().Count == 0);
        Assert.Empty(workshop.Maker.Storage);
    }

    [Fact]
    public async Task A_claim_that_is_deleted_while_a_pod_uses_it_stays_until_the_pod_is_gone_and_its_volume_is_kept_then()
    {
        workshop.PutVolume("v", "\"persistentVolumeReclaimPolicy\":\"Retain\"");
        workshop.PutClaim("c", "\"storageClassName\":\"\"");
        workshop.PutPod("web", "c");
        await workshop.RunUntilAsync(() => workshop.AreBound(1));
        workshop.Store.Delete(ObjectId.Claim(new ObjectKey("default", "c")));
        workshop.PutClaim("other", "\"storageClassName\":\"\"");
        await workshop.RunUntilAsync(() => workshop.WasTold("FailedBinding"));
        Assert.Equal(2, workshop.Store.Claims().Count);

        workshop.Store.Remove(new ObjectId(ObjectId.Pods, new ObjectKey("default", "web")));
        await workshop.RunUntilAsync(() => workshop.Store.Volumes()[0].Phase is VolumePhase.Released);
        Assert.Equal("other", Assert.Single(workshop.Store.Claims()).Metadata.Name);
    }

    [Fact]
    public async Task A_driver_that_refuses_is_told_of_and_asked_again()
    {
        workshop.PutClass("gold");
        workshop.PutClaim("c", "\"storageClassName\":\"gold\"");
        workshop.Maker.Refusal = "the disk is full";
        await workshop.RunUntilAsync(() => workshop.Events.Any(static item => item.Text.Message == "failed to provision volume with StorageClass \"gold\": the disk is full"));
        workshop.Maker.Refusal = null;
        await workshop.RunUntilAsync(() => workshop.AreBound(1));
    }

    [Fact]
    public async Task A_recycled_volume_serves_the_next_claim()
    {
        workshop.PutVolume("v", "\"persistentVolumeReclaimPolicy\":\"Recycle\"");
        workshop.PutClaim("first", "\"storageClassName\":\"\"");
        await workshop.RunUntilAsync(() => workshop.AreBound(1));
        workshop.Store.Remove(ObjectId.Claim(new ObjectKey("default", "first")));
        workshop.PutClaim("second", "\"storageClassName\":\"\"");
        await workshop.RunUntilAsync(() => workshop.AreBound(1));
        Assert.True(workshop.WasTold("VolumeRecycled"));
    }

    [Fact]
    public async Task Fields_that_the_controller_does_not_know_stay()
    {
        workshop.PutVolume("v", "\"novel\":{\"a\":1}");
        workshop.PutClaim("c", "\"storageClassName\":\"\",\"novel\":7");
        await workshop.RunUntilAsync(() => workshop.AreBound(1));
        ObjectList all = await workshop.Store.ListAsync([ObjectId.Claims, ObjectId.Volumes], TestContext.Current.CancellationToken);
        Assert.All(all.Objects, static item => Assert.True(item.Document.GetProperty("spec").TryGetProperty("novel", out _)));
    }

    [Fact]
    public async Task Killed_after_any_write_it_goes_on_at_the_next_start_and_nothing_is_left_over()
    {
        // Two volumes offered, two bound, two claims noted, two volumes made and bound: eight in all.
        for (int writes = 0; writes < 8; writes++)
        {
            var dying = new BindingWorkshop();
            dying.PutClass("gold");
            for (int number = 0; number < 2; number++)
            {
                dying.PutVolume($"v{number}", "\"storageClassName\":\"\"");
                dying.PutClaim($"static{number}", "\"storageClassName\":\"\"");
                dying.PutClaim($"made{number}", "\"storageClassName\":\"gold\"");
            }

            dying.Store.DiesAfter = writes;
            await dying.RunUntilAsync(() => dying.Store.Writes >= writes);
            dying.Store.DiesAfter = int.MaxValue;
            await dying.RunUntilAsync(() => dying.AreBound(4));
            Assert.Equal(4, dying.Store.Volumes().Count);
            Assert.Equal(4, dying.Store.Volumes().Select(static volume => volume.ClaimReference!.Uid).Distinct().Count());
            Assert.Equal(["pvc-uid-made0", "pvc-uid-made1"], dying.Maker.Storage.Order());
        }
    }

    [Fact]
    public async Task A_thousand_claims_are_bound_one_to_one()
    {
        const int Count = 1000;
        for (int number = 0; number < Count; number++)
        {
            workshop.PutVolume($"v{number:D4}", "\"storageClassName\":\"\"");
            workshop.PutClaim($"c{number:D4}", "\"storageClassName\":\"\"");
        }

        long begun = Stopwatch.GetTimestamp();
        await workshop.RunUntilAsync(() => workshop.Store.Writes >= 2 * Count && workshop.AreBound(Count));
        TestContext.Current.TestOutputHelper?.WriteLine($"{Count / Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} claims bound a second, {workshop.Store.Writes} writes");
        Assert.Equal(Count, workshop.Store.Claims().Select(static claim => claim.VolumeName).Distinct().Count());
    }
}
