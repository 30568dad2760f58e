#!/bin/sh
# Makes a node of a machine that has just been booted: psaver, its examples for Tomcat and Pacemaker as their pages
# say, Corosync and Pacemaker with nothing in their memory, and the parts of the test.
set -eu
name=$(uname -n)
shared=/shared

for program in pcheck padmin; do ln -s $shared/psaver/bin/$program /usr/local/sbin/$program; done
install -d -m 755 /usr/lib/ocf/resource.d/psaver
install -m 755 $shared/pacemaker/psaver $shared/pacemaker/tomcat /usr/lib/ocf/resource.d/psaver/
install -d -m 755 /var/opt/HA/PS/conf/bin /var/opt/HA/PS/log
install -m 644 $shared/tomcat/pfile_tomcat /var/opt/HA/PS/conf/
install -m 755 $shared/tomcat/tomcat_start.sh /var/opt/HA/PS/conf/bin/
sed -i 's/^MONITOR_INTERVAL .*/MONITOR_INTERVAL 0.5/' /var/opt/HA/PS/conf/pfile_tomcat

# SIGKILL would leave the JVM's file for jps behind.
cat >>/etc/default/tomcat10 <<'END'
JAVA_HOME=/opt/recorded
CATALINA_OPTS=-XX:-UsePerfData
END
install -D -m 755 $shared/node/java /opt/recorded/bin/java
echo "$name" >/var/lib/tomcat10/webapps/ROOT/index.html

install -m 755 $shared/node/fence_test /usr/sbin/
install -m 644 $shared/node/corosync.conf /etc/corosync/
rm -rf /var/lib/corosync/* /var/lib/pacemaker/*/*
install -o hacluster -g haclient -m 600 $shared/node/cib.xml /var/lib/pacemaker/cib/
cat >/etc/hosts <<'END'
127.0.0.1 localhost
198.51.100.1 node1
198.51.100.2 node2
END

ip link set lo up
ip address add "192.0.2.${name#node}/24" dev eth0
ip address add "198.51.100.${name#node}/24" dev eth1
ip link set eth0 up
ip link set eth1 up
