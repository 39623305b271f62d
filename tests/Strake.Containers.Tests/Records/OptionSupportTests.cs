using System.Text.Json;

namespace Strake.Containers.Tests.Records;

public sealed class OptionSupportTests
{
    [Fact]
    public void What_a_client_sends_for_not_asked_for_is_accepted() => Verify("""
        {"Hostname":"","Domainname":"","User":"","AttachStdin":false,"Tty":false,"Env":null,"Cmd":"sh","Image":"x","Volumes":{},"WorkingDir":"",
         "Entrypoint":null,"OnBuild":null,"Labels":{},"Healthcheck":{"Test":["NONE"]}}
        """, """
        {"Binds":null,"ContainerIDFile":"","LogConfig":{"Type":"","Config":{}},"NetworkMode":"default","PortBindings":{},"RestartPolicy":{"Name":"no","MaximumRetryCount":0},
         "AutoRemove":false,"VolumeDriver":"","VolumesFrom":null,"ConsoleSize":[0,0],"CapAdd":null,"CapDrop":null,"CgroupnsMode":"","Dns":[],"DnsOptions":[],"DnsSearch":[],
         "ExtraHosts":null,"GroupAdd":null,"IpcMode":"","Cgroup":"","Links":null,"OomScoreAdj":0,"PidMode":"","Privileged":false,"PublishAllPorts":false,"ReadonlyRootfs":false,
         "SecurityOpt":null,"UTSMode":"","UsernsMode":"","ShmSize":0,"Isolation":"","CpuShares":0,"Memory":0,"NanoCpus":0,"CgroupParent":"","BlkioWeight":0,
         "BlkioWeightDevice":[],"BlkioDeviceReadBps":[],"CpuPeriod":0,"CpuQuota":0,"CpuRealtimePeriod":0,"CpusetCpus":"","Devices":[],"DeviceRequests":null,
         "MemoryReservation":0,"MemorySwap":0,"MemorySwappiness":-1,"OomKillDisable":false,"PidsLimit":0,"Ulimits":[],"CpuCount":0,"CpuPercent":0,"IOMaximumIOps":0,
         "MaskedPaths":null,"ReadonlyPaths":null}
        """);

    [Theory]
    [InlineData("{}", """{"BlkioWeight":100}""", "HostConfig.BlkioWeight is not supported yet")]
    [InlineData("{}", """{"DeviceRequests":[{"Driver":"nvidia"}]}""", "HostConfig.DeviceRequests is not supported yet")]
    [InlineData("{}", """{"UsernsMode":"host","Links":["a:b"]}""", "HostConfig.UsernsMode is not supported yet; HostConfig.Links is not supported yet")]
    [InlineData("{}", """{"Init":true}""", "HostConfig.Init is not supported yet")]
    [InlineData("{}", """{"LogConfig":{"Type":"syslog"}}""", "HostConfig.LogConfig.Type syslog is not supported yet")]
    [InlineData("""{"Healthcheck":{"Test":["CMD","true"]}}""", "{}", "Healthcheck is not supported yet")]
    [InlineData("""{"Invented":"x"}""", "{}", "Invented is not supported yet")]
    [InlineData("{}", """{"Mounts":[{"Type":"volume","Target":"/x","ClusterOptions":{"Subpath":"y"}}]}""", "HostConfig.Mounts.ClusterOptions is not supported yet")]
    public void What_is_not_offered_is_refused_by_name(string config, string host, string message)
    {
        StrakeException error = Assert.Throws<StrakeException>(() => Verify(config, host));

        Assert.Equal((ErrorKind.NotSupported, message), (error.Kind, error.Message));
    }

    [Fact]
    public void Member_names_are_read_in_any_case_and_a_string_stands_for_a_list()
    {
        ContainerConfig config = JsonSerializer.Deserialize("""{"cmd":"sh","IMAGE":"x"}""", ContainerJson.Default.ContainerConfig)!;

        Assert.Equal(["sh"], config.Cmd);
        Assert.Equal("x", config.Image);
    }

    static void Verify(string config, string host) => OptionSupport.Verify(new ContainerRequest(
        null,
        JsonSerializer.Deserialize(config, ContainerJson.Default.ContainerConfig)!,
        JsonSerializer.Deserialize(host, ContainerJson.Default.HostSettings)!,
        NetworkSettings.None));
}
